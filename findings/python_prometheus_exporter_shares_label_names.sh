#!/usr/bin/env bash
# opentelemetry-exporter-prometheus 0.66b2 (Python): where two metrics become one family, the label names of the first serve the
# second too, and its values stand under them.
#
# `disk.io` with the attribute a="1" and `disk_io` with b="2", both counters in By, become one family `disk_io_bytes`. The text has
# the second point as a="2": an attribute that it never had, with another one's value. No error, no warning. The exporter keys
# a family by its name, and prometheus_client's families have one list of label names.
#
# For slo: by the way `python` two metrics of one name are an error (SLO0407), whatever their labels are.
#
# Seen with opentelemetry-exporter-prometheus 0.66b2, opentelemetry-sdk 1.45.2 and prometheus_client 0.26.0:
#   disk_io_bytes_total a=1
#   disk_io_bytes_total a=2
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    opentelemetry-exporter-prometheus==0.66b2 opentelemetry-sdk==1.45.2 prometheus_client==0.26.0

cat >"$work/main.py" <<'PYTHON'
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.metrics import MeterProvider
from prometheus_client import CollectorRegistry

registry = CollectorRegistry()
reader = PrometheusMetricReader(registry=registry)
meter = MeterProvider(metric_readers=[reader], shutdown_on_exit=False).get_meter("app")
meter.create_counter("disk.io", unit="By").add(1, {"a": "1"})
meter.create_counter("disk_io", unit="By").add(1, {"b": "2"})
for family in registry.collect():
    for sample in family.samples:
        own = {name: value for name, value in sample.labels.items() if not name.startswith("otel_")}
        if sample.name.startswith("disk"):
            print(sample.name, " ".join(f"{name}={value}" for name, value in own.items()))
PYTHON
"$work/venv/bin/python" "$work/main.py" | tee "$work/seen"
diff "$work/seen" - <<'EXPECTED'
disk_io_bytes_total a=1
disk_io_bytes_total a=2
EXPECTED
