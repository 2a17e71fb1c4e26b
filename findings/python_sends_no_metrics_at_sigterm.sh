#!/usr/bin/env bash
# opentelemetry-sdk 1.45.1 (Python): a process that a SIGTERM ends sends nothing of what it still has. The SDK flushes in a function of
# `atexit`, which Python doesn't call where a signal's default action ends the process. A service in a cluster, which is ended so,
# loses up to a minute of metrics, and a short one has never sent any.
#
# With `signal.signal(signal.SIGTERM, lambda *_: sys.exit())` all of it is sent.
#
# For slo: a run without metrics at its end is told from one that measured nothing, and the example of `slo verify` has the handler.
#
# Seen with opentelemetry-sdk 1.45.1:
#   without a handler: 0 exports
#   with a handler: 1 exports
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check opentelemetry-sdk==1.45.1

cat >"$work/main.py" <<'PYTHON'
import signal
import sys
import time

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import ConsoleMetricExporter, PeriodicExportingMetricReader

if sys.argv[1] == "with":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
exporter = ConsoleMetricExporter(formatter=lambda data: "export\n")
MeterProvider([PeriodicExportingMetricReader(exporter)]).get_meter("app").create_counter("jobs").add(1)
print("ready", flush=True)
time.sleep(30)
PYTHON
for handler in without with; do
    "$work/venv/bin/python" "$work/main.py" "$handler" >"$work/$handler" &
    service=$!
    until grep -q ready "$work/$handler"; do sleep 0.1; done
    kill -TERM "$service"
    wait "$service" || true
    echo "$handler a handler: $(grep -c export "$work/$handler" || true) exports"
done | tee "$work/seen"
diff "$work/seen" - <<'EXPECTED'
without a handler: 0 exports
with a handler: 1 exports
EXPECTED
