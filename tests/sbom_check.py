#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""Whether an SBOM is what SPDX 2.3 asks for, and has every package that the linker used.

usage: sbom_check.py FILE PROGRAM TRACE

TRACE is what the linker says with --trace: the files that it took parts of.
"""

import hashlib
import json
import pathlib
import re
import subprocess
import sys

ID = re.compile(r"SPDXRef-[a-zA-Z0-9.-]+")
PURL = re.compile(r"pkg:deb/debian/[a-z0-9.%B+-]+@[^?:+]+\?arch=\w+&distro=\w+-\w+")
LICENCE = re.compile(r"[A-Za-z0-9.-]+(?: (?:OR|AND|WITH) [A-Za-z0-9.-]+)*")
DOCUMENT = {"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT"}
WANTED = {"SPDXID", "name", "versionInfo", "downloadLocation", "filesAnalyzed", "licenseConcluded",
          "licenseDeclared", "copyrightText", "supplier"}

failures = []


def check(what, fine):
    if not fine:
        failures.append(what)


def check_document(document):
    for key, value in DOCUMENT.items():
        check(f"{key} is {value}", document.get(key) == value)
    check("a namespace of its own", re.fullmatch(r"https://\S+-[0-9a-f]{64}", document["documentNamespace"]))
    check("a name", document["name"])
    info = document["creationInfo"]
    check("a time", re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", info["created"]))
    check("a maker", all(re.match(r"(Tool|Organization|Person): ", each) for each in info["creators"]))


def check_package(package):
    name = package["name"]
    check(f"{name}: lacks {WANTED - package.keys()}", WANTED <= package.keys())
    check(f"{name}: a reference", ID.fullmatch(package["SPDXID"]))
    check(f"{name}: a licence", LICENCE.fullmatch(package["licenseDeclared"]))
    check(f"{name}: not analyzed", package["filesAnalyzed"] is False)


def check_library(package):
    version = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package["name"]], check=True,
                             capture_output=True, text=True).stdout
    check(f"{package['name']}: version {version}", package["versionInfo"] == version)
    reference, = package["externalRefs"]
    check(f"{package['name']}: a purl", reference["referenceType"] == "purl" and
          PURL.fullmatch(reference["referenceLocator"]))


def check_relations(document, names):
    known = {package["SPDXID"] for package in document["packages"]} | {"SPDXRef-DOCUMENT"}
    check("references are of one thing each", len(known) == len(document["packages"]) + 1)
    relations = [(each["spdxElementId"], each["relationshipType"], each["relatedSpdxElement"])
                 for each in document["relationships"]]
    check("no relation to nothing", all({one, other} <= known for one, _, other in relations))
    check("it describes the program",
          ("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-Package-portclass") in relations)
    linked = {other for one, kind, other in relations
              if kind == "STATIC_LINK" and one == "SPDXRef-Package-portclass"}
    check("every library is linked", len(linked) == len(names))


def packages_of(trace):
    lines = pathlib.Path(trace).read_text(encoding="utf-8").splitlines()
    files = {re.sub(r"\(.*", "", line) for line in lines if line.startswith("/")}
    files = {str(pathlib.Path(file).resolve()) for file in files}
    said = subprocess.run(["dpkg-query", "-S", *sorted(files)], check=True, capture_output=True, text=True)
    return {line.split(":")[0] for line in said.stdout.splitlines()}


def main(file, program, trace):
    document = json.loads(pathlib.Path(file).read_text(encoding="utf-8"))
    check_document(document)
    for package in document["packages"]:
        check_package(package)
    own, = [package for package in document["packages"] if package["name"] == "portclass"]
    libraries = [package for package in document["packages"] if package is not own]
    for package in libraries:
        check_library(package)
    check("the program's sum", own["checksums"] == [
        {"algorithm": "SHA256", "checksumValue": hashlib.sha256(pathlib.Path(program).read_bytes()).hexdigest()}])
    names = {package["name"] for package in libraries}
    check_relations(document, names)
    linked = packages_of(trace)
    check(f"of {sorted(linked)} it has {sorted(names)}", linked == names and len(linked) > 5)
    if failures:
        sys.exit("\n".join(f"not so: {failure}" for failure in failures))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
