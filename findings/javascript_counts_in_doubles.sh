#!/usr/bin/env bash
# @opentelemetry/sdk-metrics 2.12.0 and @opentelemetry/otlp-transformer 0.223.0 (JavaScript): a counter that is made without more counts in
# doubles over OTLP, and one with `valueType: ValueType.INT` in integers. An attribute goes by its value instead: 50 is an integer and
# 62.5 is a double, under one key.
#
# For slo: a counter of a contract counts integers; one in doubles that are whole is no finding where the SDK is JavaScript's. A key
# of the type `double` has integers in it.
#
# Seen with @opentelemetry/sdk-metrics 2.12.0 and @opentelemetry/otlp-transformer 0.223.0:
#   jobs: asDouble, amount intValue
#   jobs.int: asInt, amount doubleValue
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{ "name": "finding", "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact --ignore-scripts \
    @opentelemetry/sdk-metrics@2.12.0 @opentelemetry/otlp-transformer@0.223.0 @opentelemetry/api@1.9.1 >/dev/null 2>&1

cat >main.mjs <<'JAVASCRIPT'
import { ValueType } from '@opentelemetry/api';
import { JsonMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';

const exporter = new InMemoryMetricExporter(1);
const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
const meter = provider.getMeter('app');
meter.createCounter('jobs').add(1, { amount: 50 });
meter.createCounter('jobs.int', { valueType: ValueType.INT }).add(1, { amount: 62.5 });
await provider.forceFlush();
const request = JSON.parse(new TextDecoder().decode(JsonMetricsSerializer.serializeRequest(exporter.getMetrics()[0])));
for (const { name, sum } of request.resourceMetrics[0].scopeMetrics[0].metrics) {
  const [point] = sum.dataPoints;
  const kind = Object.keys(point).find((key) => key.startsWith('as'));
  console.log(`${name}: ${kind}, amount ${Object.keys(point.attributes[0].value)[0]}`);
}
await provider.shutdown();
JAVASCRIPT
node main.mjs | tee seen
diff seen - <<'EXPECTED'
jobs: asDouble, amount intValue
jobs.int: asInt, amount doubleValue
EXPECTED
