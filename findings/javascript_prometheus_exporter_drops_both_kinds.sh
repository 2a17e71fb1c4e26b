#!/usr/bin/env bash
# @opentelemetry/exporter-prometheus 0.301.0 (JavaScript): of two metrics that become one name and are of two kinds, neither is in
# the text. The first one, which was there before the second was made, vanishes too.
#
# A counter `jobs` is `jobs_total`. Once a gauge `jobs.total` is recorded, `jobs_total` is gone from the endpoint, which still answers
# 200; a line of the SDK's diagnostic logger, which is off by default, is all that says so.
#
# For slo: by the way `javascript` this is an error (SLO0407), whose help says that metrics are left out.
#
# Seen with @opentelemetry/exporter-prometheus 0.301.0 and @opentelemetry/sdk-metrics 3.1.0:
#   the counter alone: jobs_total 1
#   with the gauge: nothing
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{ "name": "finding", "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact \
    @opentelemetry/exporter-prometheus@0.301.0 @opentelemetry/sdk-metrics@3.1.0 @opentelemetry/api@1.10.0 >/dev/null 2>&1

cat >main.mjs <<'JAVASCRIPT'
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

const exporter = new PrometheusExporter({ preventServerStart: true });
const meter = new MeterProvider({ readers: [exporter] }).getMeter('app');
const series = () => new Promise((resolve) => exporter.getMetricsRequestHandler({}, {
  setHeader() {},
  end(text) {
    const samples = text.split('\n').filter((line) => line.startsWith('jobs_total'));
    resolve(samples.map((line) => line.replace(/\{.*\}/, '')).join() || 'nothing');
  },
}));

meter.createCounter('jobs').add(1);
console.log('the counter alone:', await series());
meter.createGauge('jobs.total').record(7);
console.log('with the gauge:', await series());
JAVASCRIPT
node main.mjs | tee seen
diff seen - <<'EXPECTED'
the counter alone: jobs_total 1
with the gauge: nothing
EXPECTED
