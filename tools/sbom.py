#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""What is linked into a static program, as SPDX 2.3 JSON on standard output.

usage: sbom.py PROGRAM VERSION < MAP

MAP is what the linker says of it (ld -Map), its input files among that. Of each that is not made
here the Debian package that brought it is told, with its version. The date is SOURCE_DATE_EPOCH's, or 1970: the same program has the same list.
"""

import datetime
import hashlib
import json
import os
import re
import subprocess
import sys

# What Debian's copyright files call a licence, where SPDX has another word.
LICENCES = {
    "MIT": "MIT", "Expat": "MIT", "MIT/X11": "MIT-open-group", "X11": "MIT-open-group", "Zlib": "Zlib",
    "zlib": "Zlib", "BSD-3-clause": "BSD-3-Clause", "BSD-2-clause": "BSD-2-Clause", "LGPL-2.1": "LGPL-2.1-only",
    "LGPL-2.1+": "LGPL-2.1-or-later", "GPL-2": "GPL-2.0-only", "GPL-2+": "GPL-2.0-or-later",
    "BSD-3-clause or GPL-2": "BSD-3-Clause OR GPL-2.0-only",
    "LGPL-2.1 or BSD-2-Clause": "LGPL-2.1-only OR BSD-2-Clause",
}
OWN_LICENCE = "BSD-2-Clause OR GPL-2.0-only"


def linked_files(linker_map):
    """Objects and archives that were not made here."""
    return sorted({os.path.realpath(path) for path in re.findall(r"^LOAD (/.*)$", linker_map, re.M)})


def owner(path):
    """The Debian package of a file: NAME, VERSION, SOURCE, ARCHITECTURE; None: no package's."""
    for known in (path, path.removeprefix("/usr")):
        found = subprocess.run(["dpkg-query", "-S", known], capture_output=True, text=True, check=False)
        if not found.returncode:
            name = found.stdout.split(": ")[0].split(",")[0]
            fields = "${Package}\t${Version}\t${source:Package}\t${Architecture}"
            return tuple(subprocess.run(["dpkg-query", "-W", "-f", fields, name], capture_output=True,
                                        text=True, check=True).stdout.split("\t"))
    return None


def licence_of(package):
    """As the package's copyright file declares for all its files, if SPDX has a word for it."""
    try:
        with open(f"/usr/share/doc/{package}/copyright", encoding="utf-8") as file:
            paragraph = re.search(r"^Files:\s*\*\n(?:.*\n)*?License:\s*(.*)$", file.read(), re.M)
    except OSError:
        return "NOASSERTION"
    return LICENCES.get(paragraph[1].strip(), "NOASSERTION") if paragraph else "NOASSERTION"


def package_of(name, version, source, architecture, files):
    return {
        "SPDXID": f"SPDXRef-{re.sub('[^A-Za-z0-9.-]', '-', name)}",
        "name": name,
        "versionInfo": version,
        "supplier": "Organization: Debian",
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": licence_of(name),
        "copyrightText": "NOASSERTION",
        "sourceInfo": f"source package {source}; linked: {', '.join(map(os.path.basename, files))}",
        "externalRefs": [{
            "referenceCategory": "PACKAGE-MANAGER",
            "referenceType": "purl",
            "referenceLocator": f"pkg:deb/debian/{name}@{version}?arch={architecture}",
        }],
    }


def own_package(version, digest):
    return {
        "SPDXID": "SPDXRef-portclass",
        "name": "portclass",
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": OWN_LICENCE,
        "licenseDeclared": OWN_LICENCE,
        "copyrightText": "NOASSERTION",
        "checksums": [{"algorithm": "SHA256", "checksumValue": digest}],
        "primaryPackagePurpose": "APPLICATION",
    }


def main():
    program, version = sys.argv[1:]
    packages = {}
    for path in linked_files(sys.stdin.read()):
        known = owner(path)
        if not known:
            sys.exit(f"sbom: {path} is linked in, and of no package")
        packages.setdefault(known, []).append(path)
    with open(program, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    when = datetime.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", 0)), datetime.timezone.utc)
    linked = [package_of(*known, files) for known, files in sorted(packages.items())]
    relations = [("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-portclass")]
    relations += [("SPDXRef-portclass", "STATIC_LINK", each["SPDXID"]) for each in linked]
    json.dump({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"portclass-{version}",
        "documentNamespace": f"https://spdx.org/spdxdocs/portclass-{version}-{digest}",
        "creationInfo": {"created": when.strftime("%Y-%m-%dT%H:%M:%SZ"), "creators": ["Tool: portclass-sbom"]},
        "packages": [own_package(version, digest)] + linked,
        "relationships": [{"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}
                          for one, kind, other in relations],
    }, sys.stdout, indent=1)
    print()


main()
