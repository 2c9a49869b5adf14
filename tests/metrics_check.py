#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""Whether the agent's metrics are what `portclass show` says, in both formats.

usage: metrics_check.py PORT SHOW_FILE SERIES_MAX

SHOW_FILE holds the JSON of one interface, whose counters must stand still. The
parsers are those of python3-prometheus-client.
"""

import json
import sys
import urllib.request

from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as text

FORMATS = {
    "text/plain;version=0.0.4": ("text/plain; version=0.0.4; charset=utf-8", text),
    "application/openmetrics-text;version=1.0.0": (
        "application/openmetrics-text; version=1.0.0; charset=utf-8", openmetrics),
}


def scrape(port, accept):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=20) as reply:
        wanted, parser = FORMATS[accept]
        assert reply.headers["Content-Type"] == wanted, reply.headers["Content-Type"]
        samples = [sample for family in parser(reply.read().decode()) for sample in family.samples]
    names = [(sample.name, tuple(sorted(sample.labels.items()))) for sample in samples]
    assert len(names) == len(set(names)), "a series is there twice"
    return samples


class Sums:
    """Sums of the samples of one interface."""

    def __init__(self, samples, device):
        self.samples = [sample for sample in samples if sample.labels.get("device") == device]

    def of(self, name, **labels):
        return sum(int(sample.value) for sample in self.samples if sample.name == name and
                   all(sample.labels[key] == value for key, value in labels.items()))

    def services(self):
        """The services with series of their own: (transport, service, port)."""
        return {(sample.labels["transport"], sample.labels["service"], sample.labels["port"])
                for sample in self.samples if sample.name == "portclass_service_packets_total" and
                sample.labels["port"]}


def port_of(row):
    return str(row["first"]) if row["first"] == row["last"] else f"{row['first']}-{row['last']}"


def check_unit(sums, show, unit):
    classes, services = f"portclass_{unit}_total", f"portclass_service_{unit}_total"
    reasons = f"portclass_unclassified_{unit}_total"
    for transport in ("tcp", "udp", "sctp", "dccp"):
        assert sums.of(classes, transport=transport) == sums.of(services, transport=transport)
    for row in show["classes"]:
        assert sums.of(classes, **{"class": row["class"]}) == row[unit], row
    for row in show["unclassified"]:
        assert sums.of(reasons, reason=row["reason"]) == row[unit], row
    assert sums.of(services) + sums.of(reasons) == show["total"][0][unit]
    shown, other = sums.services(), {"to": 0, "from": 0}
    for row in show["services"]:
        key = (row["transport"], row["service"] or row["status"], port_of(row))
        for side in other:
            if key not in shown:
                other[side] += row[side][unit]
                continue
            labels = dict(zip(("transport", "service", "port"), key), side=side)
            assert sums.of(services, **labels) == row[side][unit], row
    for side, sum_of_side in other.items():
        assert sums.of(services, service="other", port="", side=side) == sum_of_side, side


def main():
    port, path, limit = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with open(path, encoding="utf-8") as file:
        show = json.load(file)
    for accept in FORMATS:
        sums = Sums(scrape(port, accept), show["interface"])
        for unit in ("packets", "bytes"):
            check_unit(sums, show, unit)
        own, all_of_them = len(sums.services()), len(show["services"])
        bounded = sum(bool(row["service"]) and row["origin"] == "registry" for row in show["services"])
        assert own == all_of_them - bounded + min(limit, bounded), (own, all_of_them, bounded)
        assert sums.of("portclass_series_folded") == all_of_them - own
        assert sums.of("portclass_interface_attached") == 1
        assert sums.of("portclass_map_memory_bytes") > 0
    print(f"{own} of {all_of_them} services have series of their own")


main()
