package shop;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.slf4j.LoggerFactory;

/** The checkout of an order, and the attempts to have it paid. */
final class Checkout {
  private static final String NAME = "shop.checkout";
  private static final List<Double> SECONDS = List.of(0.005, 0.05, 0.5, 5.0);
  private static final AttributeKey<String> CHECKOUT_OUTCOME = AttributeKey.stringKey("shop.checkout.outcome");
  private static final AttributeKey<String> PAYMENT_OUTCOME = AttributeKey.stringKey("shop.payment.outcome");
  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("shop.payment.method");

  /** What became of a checkout is told by logback, as everything that this service logs. */
  private static final org.slf4j.Logger log = LoggerFactory.getLogger(Checkout.class);

  /** What became of a payment is a log record with a name and attributes. */
  private final Logger events = GlobalOpenTelemetry.get().getLogsBridge().get(NAME);

  private final Tracer tracer = GlobalOpenTelemetry.getTracer(NAME);
  private final Meter meter = GlobalOpenTelemetry.getMeter(NAME);
  private final LongCounter checkouts = meter.counterBuilder("shop.checkouts").setUnit("{checkout}").build();
  private final LongCounter payments = meter.counterBuilder("shop.payments").setUnit("{payment}").build();
  private final DoubleHistogram checkoutDuration = duration("shop.checkout.duration");
  private final DoubleHistogram paymentDuration = duration("shop.payment.duration");
  private final HttpClient bank = HttpClient.newHttpClient();
  private final int port;

  Checkout(int port) {
    this.port = port;
  }

  private DoubleHistogram duration(String name) {
    return meter.histogramBuilder(name).setUnit("s").setExplicitBucketBoundariesAdvice(SECONDS).build();
  }

  int handle(int number) {
    String order = String.format("o-%04d", number);
    String method = List.of("card", "wallet", "transfer").get(number % 3);
    int items = 1 + number % 5;
    long start = System.nanoTime();
    Span span = tracer.spanBuilder("checkout")
        .setAttribute("shop.order.id", order)
        .setAttribute("shop.order.items", items)
        .setAttribute(METHOD, method)
        .startSpan();
    try (Scope ignored = span.makeCurrent()) {
      String paid = null;
      for (int attempt = 1; attempt <= 3 && !("charged".equals(paid) || "declined".equals(paid)); attempt++) {
        paid = pay(number, order, method, items * 12.5, attempt);
      }
      String outcome;
      switch (paid) {
        case "charged" -> {
          outcome = "placed";
          log.info("order {} placed", order);
        }
        case "declined" -> {
          outcome = "refused";
          log.warn("order {} refused", order);
        }
        default -> {
          outcome = "failed";
          IllegalStateException error = new IllegalStateException("bank answers " + paid);
          log.error("order {} failed", order, error);
          span.recordException(error);
          span.setStatus(StatusCode.ERROR, "no payment");
        }
      }
      span.setAttribute(CHECKOUT_OUTCOME, outcome);
      Attributes labels = Attributes.of(CHECKOUT_OUTCOME, outcome, METHOD, method);
      checkouts.add(1, labels);
      checkoutDuration.record((System.nanoTime() - start) / 1e9, labels);
      return outcome.equals("placed") ? 200 : outcome.equals("refused") ? 402 : 503;
    } finally {
      span.end();
    }
  }

  /** One attempt to have the bank charge for an order. */
  private String pay(int number, String order, String method, double amount, int attempt) {
    long start = System.nanoTime();
    Span span = tracer.spanBuilder("charge")
        .setSpanKind(SpanKind.CLIENT)
        .setAttribute("shop.order.id", order)
        .setAttribute("shop.payment.attempt", attempt)
        .setAttribute("shop.payment.amount", amount)
        .setAttribute(METHOD, method)
        .startSpan();
    try (Scope ignored = span.makeCurrent()) {
      int status = charge(number, attempt);
      String outcome = status == 200 ? "charged" : status == 402 ? "declined" : status == 504 ? "timeout" : "unavailable";
      Severity severity = switch (outcome) {
        case "charged" -> Severity.INFO;
        case "unavailable" -> Severity.ERROR;
        default -> Severity.WARN;
      };
      events.logRecordBuilder()
          .setEventName("shop.payment")
          .setSeverity(severity)
          .setAttribute("outcome", outcome)
          .setAttribute("order", order)
          .setAttribute("attempt", attempt)
          .setAttribute("amount", amount)
          .setAttribute("method", method)
          .emit();
      if (outcome.equals("timeout")) {
        span.setStatus(StatusCode.ERROR, "payment timed out");
      } else if (outcome.equals("unavailable")) {
        span.setStatus(StatusCode.ERROR, "bank unavailable");
      }
      span.setAttribute(PAYMENT_OUTCOME, outcome);
      Attributes labels = Attributes.of(PAYMENT_OUTCOME, outcome, METHOD, method);
      payments.add(1, labels);
      paymentDuration.record((System.nanoTime() - start) / 1e9, labels);
      return outcome;
    } finally {
      span.end();
    }
  }

  private int charge(int order, int attempt) {
    URI uri = URI.create("http://127.0.0.1:" + port + "/bank/charge?order=" + order + "&attempt=" + attempt);
    HttpRequest request = HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.noBody()).build();
    try {
      return bank.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    } catch (InterruptedException error) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(error);
    }
  }
}
