package shop;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * Takes orders over HTTP, and has a bank charge for each. Started with OpenTelemetry's agent, which brings the SDK, its exporters and the
 * telemetry of the server, the client and logback; the two events of {@link Checkout} are by hand.
 */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws IOException {
    int port = Integer.parseInt(System.getenv("PORT"));
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(Executors.newFixedThreadPool(16));
    Checkout checkout = new Checkout(port);
    server.createContext("/ready", exchange -> answer(exchange, 200));
    server.createContext("/bank/charge", exchange -> {
      Map<String, Integer> query = query(exchange);
      answer(exchange, charge(query.get("order"), query.get("attempt")));
    });
    server.createContext("/checkout", exchange -> answer(exchange, checkout.handle(query(exchange).get("order"))));
    server.start();
  }

  /** What the bank answers: of ten orders, one times out at first, one is declined, and for one it is down. */
  private static int charge(int order, int attempt) {
    return switch (order % 10) {
      case 3 -> attempt == 1 ? 504 : 200;
      case 5 -> 402;
      case 7 -> 503;
      default -> 200;
    };
  }

  private static Map<String, Integer> query(HttpExchange exchange) {
    return Arrays.stream(exchange.getRequestURI().getQuery().split("&"))
        .map(pair -> pair.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> Integer.valueOf(pair[1])));
  }

  private static void answer(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }
}
