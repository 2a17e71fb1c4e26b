#!/usr/bin/env bash
# OpenTelemetry Collector, prometheusexporter v0.165.1 (otlpreceiver v0.165.0): a metric with an attribute `instance` isn't in
# the scraped text, where its resource has `service.instance.id`. The exporter writes a label `instance` of the resource on each
# series, and two labels of one name make the whole metric invalid. Whoever sends it gets HTTP 200, whoever scrapes gets HTTP 200
# with the other metrics, and `target_info` is there: the metric alone is missing. Only the Collector's own log says so, at each
# scrape.
#
# Seen with builder v0.165.0: `sent: 200 200`, `scraped: 200`, `plain: 1, with instance: 0`.
set -euo pipefail

work=$(mktemp -d)
collector=
trap '[[ -z $collector ]] || kill "$collector" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
cat >builder.yaml <<'YAML'
dist:
  name: collector
  output_path: out
receivers:
  - gomod: go.opentelemetry.io/collector/receiver/otlpreceiver v0.165.0
exporters:
  - gomod: github.com/open-telemetry/opentelemetry-collector-contrib/exporter/prometheusexporter v0.165.1
providers:
  - gomod: go.opentelemetry.io/collector/confmap/provider/envprovider v1.71.0
  - gomod: go.opentelemetry.io/collector/confmap/provider/fileprovider v1.71.0
YAML
go run go.opentelemetry.io/collector/cmd/builder@v0.165.0 --config=builder.yaml >build.log 2>&1 ||
    { cat build.log >&2; exit 2; }
free() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
receives=127.0.0.1:$(free)
serves=127.0.0.1:$(free)
cat >collector.yaml <<YAML
receivers: {otlp: {protocols: {http: {endpoint: $receives}}}}
exporters: {prometheus: {endpoint: $serves}}
service:
  telemetry: {metrics: {level: none}}
  pipelines: {metrics: {receivers: [otlp], exporters: [prometheus]}}
YAML
out/collector --config=collector.yaml >collector.log 2>&1 &
collector=$!

# A gauge of one point with one attribute.
send() {
    curl --silent --output /dev/null --write-out '%{http_code}' --header 'content-type: application/json' --data '{
      "resourceMetrics": [{
        "resource": {"attributes": [
          {"key": "service.name", "value": {"stringValue": "shop"}},
          {"key": "service.instance.id", "value": {"stringValue": "pod-1"}}]},
        "scopeMetrics": [{"metrics": [{"name": "'"$1"'", "gauge": {"dataPoints": [{
          "asDouble": 1, "timeUnixNano": "'"$(date +%s)"'000000000",
          "attributes": [{"key": "'"$2"'", "value": {"stringValue": "db-7"}}]}]}}]}]}]}' \
        "http://$receives/v1/metrics"
}
for _ in $(seq 50); do
    curl --silent --output /dev/null "http://$receives" && break
    sleep 0.2
done
sent="$(send plain zone) $(send lost instance)"
for _ in $(seq 50); do
    scraped=$(curl --silent --output text --write-out '%{http_code}' "http://$serves/metrics") || true
    if grep -q '^plain{' text; then break; fi
    sleep 0.2
done
count() { grep -c "^$1{" text || true; }
seen="sent: $sent, scraped: $scraped, plain: $(count plain), with instance: $(count lost)"
echo "$seen"
if [[ $seen != "sent: 200 200, scraped: 200, plain: 1, with instance: 0" ]]; then
    echo "this is no longer so" >&2
    exit 1
fi
