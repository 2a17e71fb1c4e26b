"""Takes orders over HTTP, and has a bank charge for each. Started by `opentelemetry-instrument`, which brings providers, exporters and the
telemetry of Flask and requests; the two events below are by hand."""

import logging
import os
import signal
import sys
import time

import requests
from flask import Flask, request
from opentelemetry import metrics, trace
from opentelemetry.trace import SpanKind, StatusCode

NAME = "shop.checkout"
SECONDS = [0.005, 0.05, 0.5, 5]

logging.basicConfig(level=logging.INFO)
logger = logging.getLogger(NAME)
tracer = trace.get_tracer(NAME)
meter = metrics.get_meter(NAME)
checkouts = meter.create_counter("shop.checkouts", unit="{checkout}")
checkout_duration = meter.create_histogram("shop.checkout.duration", unit="s", explicit_bucket_boundaries_advisory=SECONDS)
payments = meter.create_counter("shop.payments", unit="{payment}")
payment_duration = meter.create_histogram("shop.payment.duration", unit="s", explicit_bucket_boundaries_advisory=SECONDS)

app = Flask(__name__)
port = int(os.environ["PORT"])
bank = requests.Session()


class Unpaid(Exception):
    """No bank took the order's money."""


@app.get("/ready")
def ready():
    return ""


@app.post("/bank/charge")
def bank_charge():
    """Of ten orders, one times out at first, one is declined, and for one the bank is down."""
    order, attempt = int(request.args["order"]), int(request.args["attempt"])
    return "", 504 if order % 10 == 3 and attempt == 1 else {5: 402, 7: 503}.get(order % 10, 200)


@app.post("/checkout")
def checkout():
    number = int(request.args["order"])
    order, method, items = f"o-{number:04}", ["card", "wallet", "transfer"][number % 3], 1 + number % 5
    start = time.monotonic()
    attributes = {"shop.order.id": order, "shop.order.items": items, "shop.payment.method": method}
    with tracer.start_as_current_span("checkout", attributes=attributes) as span:
        fields = {"order": order, "items": items, "method": method}
        for attempt in range(1, 4):
            outcome = pay(number, order, method, items * 12.5, attempt)
            if outcome in ("charged", "declined"):
                break
        if outcome == "charged":
            outcome, status = "placed", 200
            logger.info("order placed", extra={"outcome": outcome, **fields})
        elif outcome == "declined":
            outcome, status = "refused", 402
            logger.warning("order refused", extra={"outcome": outcome, **fields})
        else:
            try:
                raise Unpaid(f"bank answers {outcome}")
            except Unpaid as error:
                outcome, status = "failed", 503
                logger.exception("order failed", extra={"outcome": outcome, **fields})
                span.record_exception(error)
                span.set_status(StatusCode.ERROR, "no payment")
        span.set_attribute("shop.checkout.outcome", outcome)
        labels = {"shop.checkout.outcome": outcome, "shop.payment.method": method}
        checkouts.add(1, labels)
        checkout_duration.record(time.monotonic() - start, labels)
    return "", status


def pay(number, order, method, amount, attempt):
    """One attempt to have the bank charge for an order."""
    start = time.monotonic()
    attributes = {"shop.order.id": order, "shop.payment.attempt": attempt, "shop.payment.amount": amount, "shop.payment.method": method}
    with tracer.start_as_current_span("charge", kind=SpanKind.CLIENT, attributes=attributes) as span:
        answer = bank.post(f"http://127.0.0.1:{port}/bank/charge", params={"order": number, "attempt": attempt})
        outcome = {200: "charged", 402: "declined", 504: "timeout"}.get(answer.status_code, "unavailable")
        level, message = {
            "charged": (logging.INFO, "payment charged"),
            "declined": (logging.WARNING, "payment declined"),
            "timeout": (logging.WARNING, "payment timed out"),
            "unavailable": (logging.ERROR, "bank unavailable"),
        }[outcome]
        fields = {"order": order, "attempt": attempt, "amount": amount, "method": method}
        logger.log(level, message, extra={"outcome": outcome, **fields})
        if outcome in ("timeout", "unavailable"):
            span.set_status(StatusCode.ERROR, message)
        span.set_attribute("shop.payment.outcome", outcome)
        labels = {"shop.payment.outcome": outcome, "shop.payment.method": method}
        payments.add(1, labels)
        payment_duration.record(time.monotonic() - start, labels)
    return outcome


if __name__ == "__main__":
    # The SDK sends what is left at a normal exit alone.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    app.run("127.0.0.1", port, threaded=True)
