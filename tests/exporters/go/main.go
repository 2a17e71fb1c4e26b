// Command exporter reads a case a line as JSON, and prints what the endpoint of the Go SDK's Prometheus exporter answers.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"

	client "github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/metric"
	sdk "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
)

type instrument struct {
	Name       string      `json:"name"`
	Unit       string      `json:"unit"`
	Kind       string      `json:"kind"`
	Value      int64       `json:"value"`
	Attributes [][2]string `json:"attributes"`
}

type scope struct {
	Name      string `json:"name"`
	Version   string `json:"version"`
	SchemaURL string `json:"schema_url"`
}

type testCase struct {
	Accept  string       `json:"accept"`
	Scope   scope        `json:"scope"`
	Bounds  []float64    `json:"bounds"`
	Metrics []instrument `json:"metrics"`
}

type answer struct {
	Status      int    `json:"status"`
	ContentType string `json:"content_type"`
	Text        string `json:"text"`
}

// An instrument that the SDK refuses records nothing, as in a program that looks at the error.
func record(ctx context.Context, meter metric.Meter, bounds []float64, m instrument) {
	pairs := make([]attribute.KeyValue, 0, len(m.Attributes))
	for _, pair := range m.Attributes {
		pairs = append(pairs, attribute.String(pair[0], pair[1]))
	}
	attributes, unit := metric.WithAttributes(pairs...), metric.WithUnit(m.Unit)
	switch m.Kind {
	case "counter":
		if i, err := meter.Int64Counter(m.Name, unit); err == nil {
			i.Add(ctx, m.Value, attributes)
		}
	case "up_down_counter":
		if i, err := meter.Int64UpDownCounter(m.Name, unit); err == nil {
			i.Add(ctx, m.Value, attributes)
		}
	case "gauge":
		if i, err := meter.Int64Gauge(m.Name, unit); err == nil {
			i.Record(ctx, m.Value, attributes)
		}
	case "histogram":
		if i, err := meter.Int64Histogram(m.Name, unit, metric.WithExplicitBucketBoundaries(bounds...)); err == nil {
			i.Record(ctx, m.Value, attributes)
		}
	default:
		panic("unknown kind " + m.Kind)
	}
}

// Each case has a provider and a registry of its own.
func run(c testCase) answer {
	ctx := context.Background()
	registry := client.NewRegistry()
	exporter, err := prometheus.New(prometheus.WithRegisterer(registry))
	if err != nil {
		panic(err)
	}
	pay := resource.NewSchemaless(attribute.String("service.name", "pay"))
	provider := sdk.NewMeterProvider(sdk.WithReader(exporter), sdk.WithResource(pay))
	defer provider.Shutdown(ctx)
	meter := provider.Meter(
		c.Scope.Name, metric.WithInstrumentationVersion(c.Scope.Version), metric.WithSchemaURL(c.Scope.SchemaURL))
	for _, m := range c.Metrics {
		record(ctx, meter, c.Bounds, m)
	}
	request := httptest.NewRequest(http.MethodGet, "/metrics", nil)
	request.Header.Set("Accept", c.Accept)
	response := httptest.NewRecorder()
	promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP(response, request)
	return answer{response.Code, response.Header().Get("Content-Type"), response.Body.String()}
}

func main() {
	cases := json.NewDecoder(bufio.NewReader(os.Stdin))
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	answers := json.NewEncoder(out)
	for cases.More() {
		var c testCase
		if err := cases.Decode(&c); err != nil {
			panic(err)
		}
		if err := answers.Encode(run(c)); err != nil {
			panic(err)
		}
	}
}
