import com.google.gson.Gson;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.exporter.prometheus.PrometheusMetricReader;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.metrics.config.PrometheusProperties;
import io.prometheus.metrics.exporter.common.PrometheusHttpExchange;
import io.prometheus.metrics.exporter.common.PrometheusHttpRequest;
import io.prometheus.metrics.exporter.common.PrometheusHttpResponse;
import io.prometheus.metrics.exporter.common.PrometheusScrapeHandler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.logging.LogManager;

/**
 * Reads a case a line as JSON, and prints what the endpoint of the Java SDK's Prometheus exporter answers.
 *
 * Each case has a provider and a registry of its own; the handler of the exporter's server writes into an exchange that is no socket.
 */
final class Exporter {
    /** The exporter's defaults, whatever the caller's environment says. */
    static final PrometheusProperties DEFAULTS = PrometheusProperties.builder().build();

    static final class Case {
        String accept;
        Scope scope;
        List<Double> bounds;
        List<Metric> metrics;
    }

    static final class Scope {
        String name;
        String version;
        String schema_url;
    }

    static final class Metric {
        String name;
        String unit;
        String kind;
        long value;
        List<List<String>> attributes;
    }

    static final class Answer {
        int status;
        String content_type = "";
        String text = "";
    }

    static void record(Meter meter, List<Double> bounds, Metric metric) {
        AttributesBuilder builder = Attributes.builder();
        for (List<String> pair : metric.attributes) {
            builder.put(pair.get(0), pair.get(1));
        }
        Attributes attributes = builder.build();
        String name = metric.name;
        String unit = metric.unit;
        switch (metric.kind) {
            case "counter":
                meter.counterBuilder(name).setUnit(unit).build().add(metric.value, attributes);
                break;
            case "up_down_counter":
                meter.upDownCounterBuilder(name).setUnit(unit).build().add(metric.value, attributes);
                break;
            case "gauge":
                meter.gaugeBuilder(name).setUnit(unit).ofLongs().build().set(metric.value, attributes);
                break;
            case "histogram":
                meter.histogramBuilder(name).setUnit(unit).setExplicitBucketBoundariesAdvice(bounds).ofLongs().build()
                    .record(metric.value, attributes);
                break;
            default:
                throw new IllegalArgumentException("unknown kind " + metric.kind);
        }
    }

    static Answer answer(Case asked) throws IOException {
        PrometheusRegistry registry = new PrometheusRegistry();
        PrometheusMetricReader reader = PrometheusMetricReader.create();
        registry.register(reader);
        Resource resource = Resource.create(Attributes.builder().put("service.name", "pay").build());
        try (SdkMeterProvider provider = SdkMeterProvider.builder().setResource(resource).registerMetricReader(reader).build()) {
            Meter meter = provider.meterBuilder(asked.scope.name)
                .setInstrumentationVersion(asked.scope.version)
                .setSchemaUrl(asked.scope.schema_url)
                .build();
            for (Metric metric : asked.metrics) {
                record(meter, asked.bounds, metric);
            }
            Exchange exchange = new Exchange(asked.accept);
            new PrometheusScrapeHandler(DEFAULTS, registry).handleRequest(exchange);
            exchange.answer.text = exchange.body.toString(StandardCharsets.UTF_8);
            return exchange.answer;
        }
    }

    /** A request and its answer. */
    static final class Exchange implements PrometheusHttpExchange, PrometheusHttpRequest, PrometheusHttpResponse {
        final Answer answer = new Answer();
        final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private final String accept;

        Exchange(String accept) {
            this.accept = accept;
        }

        @Override
        public PrometheusHttpRequest getRequest() {
            return this;
        }

        @Override
        public PrometheusHttpResponse getResponse() {
            return this;
        }

        @Override
        public String getQueryString() {
            return null;
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            return Collections.enumeration(name.equals("Accept") ? List.of(accept) : List.of());
        }

        @Override
        public String getMethod() {
            return "GET";
        }

        @Override
        public String getRequestPath() {
            return "/metrics";
        }

        @Override
        public void setHeader(String name, String value) {
            if (name.equals("Content-Type")) {
                answer.content_type = value;
            }
        }

        @Override
        public OutputStream sendHeadersAndGetBody(int statusCode, int contentLength) {
            answer.status = statusCode;
            return body;
        }

        @Override
        public void handleException(IOException error) throws IOException {
            throw error;
        }

        /** As the exporter's server answers. */
        @Override
        public void handleException(RuntimeException error) {
            answer.status = 500;
            answer.content_type = "text/plain; charset=utf-8";
            body.reset();
            body.writeBytes(error.toString().getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void close() {}
    }

    public static void main(String[] arguments) throws IOException {
        // What the SDK refuses it says in its log, and isn't in the text.
        LogManager.getLogManager().reset();
        Gson gson = new Gson();
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            out.println(gson.toJson(answer(gson.fromJson(line, Case.class))));
        }
        out.flush();
    }
}
