#!/usr/bin/env bash
# go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp v0.72.0 (Go): round a `http.ServeMux`, as its documentation has it, the span
# of a request has the route in its name and not among its attributes, and the metrics have it as `http.route`. So a point of
# `http.server.request.duration` can't be followed to the spans of its route but by their names.
#
# For slo: a contract of such a service declares `http.route` on the metric alone, which is SLO1201 unless it is accepted.
#
# Seen with otelhttp v0.72.0, otel v1.47.0:
#   span: GET /jobs, http.route: false
#   metric: http.route: true
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
)

func main() {
	spans, reader := tracetest.NewSpanRecorder(), metric.NewManualReader()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /jobs", func(http.ResponseWriter, *http.Request) {})
	handler := otelhttp.NewHandler(mux, "/",
		otelhttp.WithTracerProvider(trace.NewTracerProvider(trace.WithSpanProcessor(spans))),
		otelhttp.WithMeterProvider(metric.NewMeterProvider(metric.WithReader(reader))))
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/jobs", nil))

	span := spans.Ended()[0]
	set := attribute.NewSet(span.Attributes()...)
	fmt.Printf("span: %s, http.route: %t\n", span.Name(), set.HasValue("http.route"))
	var came metricdata.ResourceMetrics
	if err := reader.Collect(context.Background(), &came); err != nil {
		panic(err)
	}
	for _, one := range came.ScopeMetrics[0].Metrics {
		if points, is := one.Data.(metricdata.Histogram[float64]); is && one.Name == "http.server.request.duration" {
			fmt.Printf("metric: http.route: %t\n", points.DataPoints[0].Attributes.HasValue("http.route"))
		}
	}
}
GO
cat >go.mod <<'MOD'
module finding

go 1.26.0

require (
	go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp v0.72.0
	go.opentelemetry.io/otel v1.47.0
	go.opentelemetry.io/otel/sdk v1.47.0
	go.opentelemetry.io/otel/sdk/metric v1.47.0
)
MOD
go mod tidy >tidy.log 2>&1 || { cat tidy.log >&2; exit 2; }
go run . | tee seen
diff seen - <<'EXPECTED'
span: GET /jobs, http.route: false
metric: http.route: true
EXPECTED
