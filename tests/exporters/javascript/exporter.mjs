// Reads a case a line as JSON, and prints what the endpoint of the JavaScript SDK's Prometheus exporter answers.
//
// Each case has a provider and an exporter of its own; the exporter's own handler writes into a response that is no socket. It
// looks at no header, so that it is given none.

import { createInterface } from 'node:readline';

// The exporter's defaults, whatever the caller's environment says.
for (const key of Object.keys(process.env)) if (key.startsWith('OTEL_')) delete process.env[key];

const { PrometheusExporter } = await import('@opentelemetry/exporter-prometheus');
const { MeterProvider } = await import('@opentelemetry/sdk-metrics');
const { resourceFromAttributes } = await import('@opentelemetry/resources');

function record(meter, bounds, { name, unit, kind, value, attributes: pairs }) {
  const attributes = Object.fromEntries(pairs);
  switch (kind) {
    case 'counter':
      return meter.createCounter(name, { unit }).add(value, attributes);
    case 'up_down_counter':
      return meter.createUpDownCounter(name, { unit }).add(value, attributes);
    case 'gauge':
      return meter.createGauge(name, { unit }).record(value, attributes);
    case 'histogram':
      return meter.createHistogram(name, { unit, advice: { explicitBucketBoundaries: bounds } }).record(value, attributes);
    default:
      throw new Error(`unknown kind ${kind}`);
  }
}

function answer(exporter) {
  return new Promise((resolve) => {
    const headers = {};
    const response = {
      statusCode: 200,
      setHeader: (name, value) => { headers[name.toLowerCase()] = value; },
      end(text) {
        resolve({ status: this.statusCode, content_type: headers['content-type'] ?? '', text: text ?? '' });
      },
    };
    exporter.getMetricsRequestHandler({}, response);
  });
}

for await (const line of createInterface({ input: process.stdin })) {
  const { scope, bounds, metrics } = JSON.parse(line);
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const resource = resourceFromAttributes({ 'service.name': 'pay' });
  const provider = new MeterProvider({ resource, readers: [exporter] });
  const meter = provider.getMeter(scope.name, scope.version, { schemaUrl: scope.schema_url });
  for (const metric of metrics) record(meter, bounds, metric);
  console.log(JSON.stringify(await answer(exporter)));
  await provider.shutdown();
}
