#!/usr/bin/env bash
# go.opentelemetry.io/otel/exporters/prometheus v0.69.0 (Go): the values of attributes that become one label are joined in the order
# of the values, not of the keys.
#
# Prometheus's own OTLP receiver, with whose library this exporter makes its names, joins them in the order of the keys, as
# OpenTelemetry's specification of the Prometheus exporter asks. So `tenant.id="2"` and `tenant_id="1"` of one point are
# tenant_id="2;1" where they come by OTLP, and tenant_id="1;2" where the Go exporter is scraped: two series of one thing, and
# which value belongs to which key can't be told.
#
# For slo: two keys of one label are an error on either way (SLO0402).
#
# Seen with go.opentelemetry.io/otel/exporters/prometheus v0.69.0, otel/sdk/metric v1.47.0, otlptranslator v1.0.0:
#   tenant_id=1;2
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"strings"

	client "github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/attribute"
	exporter "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/metric"
	sdk "go.opentelemetry.io/otel/sdk/metric"
)

func main() {
	registry := client.NewRegistry()
	reader, err := exporter.New(exporter.WithRegisterer(registry))
	if err != nil {
		panic(err)
	}
	meter := sdk.NewMeterProvider(sdk.WithReader(reader)).Meter("app")
	hits, err := meter.Int64Counter("hits")
	if err != nil {
		panic(err)
	}
	hits.Add(context.Background(), 1, metric.WithAttributes(
		attribute.String("tenant.id", "2"), attribute.String("tenant_id", "1")))
	families, err := registry.Gather()
	if err != nil {
		panic(err)
	}
	for _, family := range families {
		for _, point := range family.GetMetric() {
			for _, label := range point.GetLabel() {
				if strings.HasPrefix(label.GetName(), "tenant") {
					fmt.Printf("%s=%s\n", label.GetName(), label.GetValue())
				}
			}
		}
	}
}
GO
go mod init finding >/dev/null 2>&1
go get go.opentelemetry.io/otel/exporters/prometheus@v0.69.0 go.opentelemetry.io/otel/sdk/metric@v1.47.0 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
go run . | tee seen
diff seen - <<'EXPECTED'
tenant_id=1;2
EXPECTED
