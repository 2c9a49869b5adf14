#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""What is wrong with the files in deploy/, as far as they can be told apart from
a cluster. One line each, on standard error, and status 1.

usage: deploy_check.py same ONE.yaml OTHER.yaml     the same objects, in any order
       deploy_check.py helm RENDERED.yaml BASE.yaml the chart makes what the base has
       deploy_check.py hosts FILE.yaml              the agent knows the names of its Service
       deploy_check.py values CHART_DIRECTORY       the defaults fit the schema, bad values don't
       deploy_check.py json CHART_DIRECTORY [KEY=JSON]...  the values, for a renderer
       deploy_check.py hardened FILE.yaml           what the DaemonSet must not lack
       deploy_check.py scrape FILE.yaml             a scrape config without Kubernetes' discovery
       deploy_check.py queries DASHBOARD.json       its queries, as a file of rules
       deploy_check.py metrics METRICS FILE...      names in the files that no agent has
"""

import json
import re
import sys

import yaml

VARIABLES = {"$__rate_interval": "5m", "$__range": "1h", "$__interval": "1m"}


def fail(*problems):
    if problems:
        sys.exit("\n".join(problems))


def load_all(path):
    with open(path, encoding="utf-8") as file:
        return [each for each in yaml.safe_load_all(file) if each]


def by_name(objects):
    return {(each["kind"], each["metadata"]["name"]): each for each in objects}


def same(one, other):
    one, other = by_name(load_all(one)), by_name(load_all(other))
    fail(*(f"{' '.join(key)} differs" for key in sorted(one.keys() | other.keys())
           if one.get(key) != other.get(key)))


def plain(thing):
    """Without what only a chart says, and with defaults spelled out alike."""
    if isinstance(thing, dict):
        return {key: plain(value) for key, value in thing.items()
                if key not in ("helm.sh/chart", "app.kubernetes.io/managed-by", "data",
                               "app.kubernetes.io/version", "app.kubernetes.io/instance")}
    return [plain(each) for each in thing] if isinstance(thing, list) else thing


def names_of(config):
    return config["data"]["site.services"].strip().splitlines()


def helm(rendered, base):
    rendered, base = by_name(load_all(rendered)), by_name(load_all(base))
    base.pop(("Namespace", "portclass"))
    fail(*(f"{' '.join(key)} differs:\n{rendered.get(key)}\n{base.get(key)}"
           for key in sorted(rendered.keys() | base.keys())
           if plain(rendered.get(key)) != plain(base.get(key))))
    key = ("ConfigMap", "portclass")
    if names_of(rendered[key]) != names_of(base[key]):
        fail("the overlays differ")


def hosts(path):
    objects = by_name(load_all(path))
    settings = objects["ConfigMap", "portclass"]["data"]["agent.conf"].splitlines()
    service = objects["Service", "portclass"]["metadata"]
    name = f"{service['name']}.{service['namespace']}"
    fail(*(f"{path}: no line `host {wanted}`"
           for wanted in (service["name"], name, f"{name}.svc", f"{name}.svc.cluster.local")
           if f"host {wanted}" not in settings))


def values_of(chart):
    with open(f"{chart}/values.yaml", encoding="utf-8") as file:
        return yaml.safe_load(file)


def values(chart):
    import jsonschema  # pylint: disable=import-outside-toplevel

    with open(f"{chart}/values.schema.json", encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    jsonschema.validate(values_of(chart), schema)
    untold = values_of(chart).keys() ^ (schema["properties"].keys() - {"global"})
    fail(*(f"{key}: either without a default or not in the schema" for key in untold))
    bad = {"mode": "fast", "ready": "some", "port": 70000, "series": 0, "dev": "eth0", "maxUnavailable": "0%", "typo": 1,
           "host": ["a.example:80"], "clusterDomain": "",
           "image": {"repository": "portclass", "pullPolicy": "Sometimes"}, "tolerations": {}}
    for key, value in bad.items():
        if not list(jsonschema.Draft7Validator(schema).iter_errors({**values_of(chart), key: value})):
            fail(f"{key}: {value} is taken")


def json_values(chart, *changes):
    changed = values_of(chart)
    for change in changes:
        key, value = change.split("=", 1)
        changed[key] = json.loads(value)
    print(json.dumps(changed))


def hardened(path):
    pod = by_name(load_all(path))["DaemonSet", "portclass"]["spec"]["template"]["spec"]
    container, = pod["containers"]
    security = container["securityContext"]
    mounts = {each["name"]: each for each in container["volumeMounts"]}
    wanted = {
        "only three capabilities": security["capabilities"] == {"drop": ["ALL"],
                                                                "add": ["BPF", "NET_ADMIN", "PERFMON"]},
        "uid 0, or the capabilities are none": security["runAsUser"] == 0,
        "a read-only root": security["readOnlyRootFilesystem"] is True,
        "no escalation": security["allowPrivilegeEscalation"] is False,
        "a seccomp profile": pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"},
        "the host's network": pod["hostNetwork"] is True,
        "no token": pod["automountServiceAccountToken"] is False,
        "readiness that means it": container["readinessProbe"]["httpGet"]["path"] == "/readyz",
        "liveness that does not": container["livenessProbe"]["httpGet"]["path"] == "/healthz",
        "a memory limit": "memory" in container["resources"]["limits"],
        "pins on the host": mounts["bpf"]["mountPath"] == "/sys/fs/bpf",
        "a config directory, whose files can be swapped": "subPath" not in mounts["config"],
    }
    fail(*(f"{path}: it lacks {what}" for what, there in wanted.items() if not there))


def scrape(path):
    config, = load_all(path)
    for job in config["scrape_configs"]:
        del job["kubernetes_sd_configs"]
        job["static_configs"] = [{"targets": ["localhost:9635"]}]
    print(yaml.safe_dump(config))


def panels_of(dashboard):
    for panel in dashboard["panels"]:
        yield panel
        yield from panel.get("panels", [])


def queries(path):
    with open(path, encoding="utf-8") as file:
        dashboard = json.load(file)
    panels = list(panels_of(dashboard))
    fail(*(f"the id {panel['id']} is there twice" for i, panel in enumerate(panels)
           if panel["id"] in [other["id"] for other in panels[:i]]))
    expressions = [target["expr"] for panel in panels for target in panel.get("targets", [])]
    for name, value in VARIABLES.items():
        expressions = [expression.replace(name, value) for expression in expressions]
    known = {each["name"] for each in dashboard["templating"]["list"]}
    used = set(re.findall(r"\$(\w+)", " ".join(expressions)))
    fail(*(f"${name} is no variable" for name in sorted(used - known)))
    rules = [{"record": f"query{number}", "expr": re.sub(r"\$\w+", "5", expression)}
             for number, expression in enumerate(expressions)]
    print(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))


def metrics(exported, *paths):
    with open(exported, encoding="utf-8") as file:
        there = set(re.findall(r"^# TYPE (\S+)", file.read(), re.M))
    texts = {}
    for path in paths:
        with open(path, encoding="utf-8") as file:
            texts[path] = file.read()
    recorded = set(re.findall(r"record: (\S+)", "\n".join(texts.values())))
    for path, text in texts.items():
        text = re.sub(r"#.*", "", text)
        names = set(re.findall(r"(?<![\w:/.-])(?:\w+:)?(?:portclass_|process_)\w+(?::\w+)*", text))
        fail(*(f"{path}: {name} is no metric of the agent's, and no rule records it"
               for name in sorted(names - there - recorded)))


COMMANDS = {"same": same, "helm": helm, "hosts": hosts, "values": values, "json": json_values, "hardened": hardened,
            "scrape": scrape, "queries": queries, "metrics": metrics}

if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in COMMANDS:
        sys.exit(__doc__)
    COMMANDS[sys.argv[1]](*sys.argv[2:])
