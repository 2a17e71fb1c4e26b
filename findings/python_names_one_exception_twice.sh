#!/usr/bin/env bash
# opentelemetry-instrumentation-logging 0.66b1 and opentelemetry-sdk 1.45.1 (Python): one exception has two types. `exception.type` is the
# class by its name alone on the log record that `logger.exception` writes, and the class with its module on the span's event that
# `record_exception` writes. Who looks for the records of a span's error by its type finds none, or those of another class of
# this name. The span's event has `exception.escaped` as the text `False`, too, where the conventions had a boolean.
#
# For slo: a contract of such a service has two fields for the one type (examples/verify/python), and a judge must not join by it.
#
# Seen with opentelemetry-sdk 1.45.1 and opentelemetry-instrumentation-logging 0.66b1:
#   log: Unpaid
#   span: __main__.Unpaid, escaped 'False'
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    opentelemetry-sdk==1.45.1 opentelemetry-instrumentation-logging==0.66b1

cat >"$work/main.py" <<'PYTHON'
import logging

from opentelemetry.instrumentation.logging.handler import LoggingHandler
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor
from opentelemetry.sdk.trace import TracerProvider


class Unpaid(Exception):
    pass


records = InMemoryLogRecordExporter()
provider = LoggerProvider()
provider.add_log_record_processor(SimpleLogRecordProcessor(records))
logger = logging.getLogger("app")
logger.propagate = False
logger.addHandler(LoggingHandler(logger_provider=provider))
span = TracerProvider().get_tracer("app").start_span("pay")
try:
    raise Unpaid("no money")
except Unpaid as error:
    logger.exception("failed")
    span.record_exception(error)
print("log:", records.get_finished_logs()[0].log_record.attributes["exception.type"])
event = span.events[0].attributes
print(f"span: {event['exception.type']}, escaped {event['exception.escaped']!r}")
PYTHON
"$work/venv/bin/python" "$work/main.py" | tee "$work/seen"
diff "$work/seen" - <<'EXPECTED'
log: Unpaid
span: __main__.Unpaid, escaped 'False'
EXPECTED
