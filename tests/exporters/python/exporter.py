"""Reads a case a line as JSON, and prints what the endpoint of the Python SDK's Prometheus exporter answers.

Each case has a provider and a registry of its own; the text comes from prometheus_client's own WSGI application.
"""

import json
import logging
import os
import sys

# The exporter's defaults, whatever the caller's environment says.
for key in [key for key in os.environ if key.startswith(("OTEL_", "PROMETHEUS_"))]:
    del os.environ[key]

from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.resources import Resource
from prometheus_client import CollectorRegistry, make_wsgi_app


def record(meter, bounds, metric):
    name, unit, value = metric["name"], metric["unit"], metric["value"]
    attributes = dict(metric["attributes"])
    match metric["kind"]:
        case "counter":
            meter.create_counter(name, unit=unit).add(value, attributes)
        case "up_down_counter":
            meter.create_up_down_counter(name, unit=unit).add(value, attributes)
        case "gauge":
            meter.create_gauge(name, unit=unit).set(value, attributes)
        case "histogram":
            meter.create_histogram(name, unit=unit, explicit_bucket_boundaries_advisory=bounds).record(value, attributes)
        case kind:
            raise SystemExit(f"unknown kind {kind!r}")


def answer(case):
    registry = CollectorRegistry()
    provider = MeterProvider(
        metric_readers=[PrometheusMetricReader(registry=registry)],
        resource=Resource({"service.name": "pay"}),
        shutdown_on_exit=False,
    )
    scope = case["scope"]
    meter = provider.get_meter(scope["name"], scope["version"], scope["schema_url"])
    for metric in case["metrics"]:
        try:
            record(meter, case["bounds"], metric)
        except Exception:
            pass  # What the SDK refuses isn't in the text.

    answered = {}

    def start_response(status, headers, _=None):
        answered["status"] = int(status.split(" ", 1)[0])
        answered["content_type"] = dict(headers).get("Content-Type", "")

    request = {"REQUEST_METHOD": "GET", "PATH_INFO": "/metrics", "QUERY_STRING": "", "HTTP_ACCEPT": case["accept"]}
    try:
        answered["text"] = b"".join(make_wsgi_app(registry)(request, start_response)).decode()
    except Exception as error:  # A server of WSGI applications answers so.
        answered = {"status": 500, "content_type": "text/plain", "text": repr(error)}
    provider.shutdown()
    return answered


logging.disable(logging.CRITICAL)
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))))
