#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Say what is in a program that is one file: an SBOM (SPDX 2.3, JSON) of it and of each
# Debian package that the linker took a part of. From the linker's map, so nothing can be
# forgotten; the same bytes for the same program and SOURCE_DATE_EPOCH.
#
# usage: tools/sbom.sh PROGRAM MAP VERSION
set -euo pipefail
program=$1 map=$2 version=$3

fail() {
	echo "sbom: $*" >&2
	exit 1
}

# Source package, its licence for what is linked, words that stand in the copyright file as
# long as that is so.
licences() {
	cat <<-'EOF'
	elfutils LGPL-3.0-or-later OR GPL-2.0-or-later|LGPL-3+ or GPL-2+
	expat MIT|License: MIT
	gcc-12 GPL-3.0-or-later WITH GCC-exception-3.1|GCC RUNTIME LIBRARY EXCEPTION
	glibc LGPL-2.1-or-later|GNU Lesser General Public
	libbpf LGPL-2.1-only OR BSD-2-Clause|LGPL-2.1 or BSD-2-Clause
	libcap2 BSD-3-Clause OR GPL-2.0-only|BSD-3-clause or GPL-2
	libevent BSD-3-Clause|License: BSD-3-clause
	libmd BSD-3-Clause|License: BSD-3-clause
	ncurses X11-distribute-modifications-variant|License: MIT/X11
	zlib Zlib|License: Zlib
	EOF
}

# licence_of SOURCE PACKAGE
licence_of() {
	local line copyright=/usr/share/doc/$2/copyright

	line=$(licences | grep "^$1 ") || fail "no licence is known of $1 (try: read $copyright, add it to $0)"
	grep -qF -- "${line#*|}" "$copyright" ||
		fail "the licence of $1 is another now (try: read $copyright, mend it in $0)"
	line=${line%%|*}
	echo "${line#* }"
}

# The archives of which there is a member, and objects that are not built here.
linked_files() {
	sed -n '/^Archive member included/,/^Memory Configuration/s/^\(\/[^(]*\.a\)(.*/\1/p
		s/^LOAD \(\/.*\.o\)$/\1/p' "$map" | sort -u | xargs -r -d '\n' realpath -s
}

linked_packages() {
	local files

	mapfile -t files < <(linked_files)
	[ ${#files[@]} -gt 0 ] || fail "$map names no library"
	dpkg-query -S "${files[@]}" | sed 's/:.*//' | LC_ALL=C sort -u
}

distribution() (
	# shellcheck disable=SC1091 # the machine's
	. /etc/os-release
	echo "$ID-${VERSION_ID:-unstable}"
)

# encoded TEXT: as a purl has it.
encoded() {
	sed 's/%/%25/g; s/:/%3A/g; s/+/%2B/g' <<<"$1"
}

# reference NAME: how the document calls that package.
reference() {
	echo "SPDXRef-Package-${1//[^a-zA-Z0-9.-]/-}"
}

# Nothing of this has a quote or a backslash in it.
print_package() {
	local name=$1 version architecture source source_version licence purl

	IFS=$'\t' read -r version architecture source source_version < <(
		dpkg-query -W -f '${Version}\t${Architecture}\t${source:Package}\t${source:Version}\n' "$name")
	licence=$(licence_of "$source" "$name")
	purl="pkg:deb/debian/$(encoded "$name")@$(encoded "$version")?arch=$architecture&distro=$(distribution)"
	cat <<-END
	    {
	      "SPDXID": "$(reference "$name")",
	      "name": "$name",
	      "versionInfo": "$version",
	      "supplier": "Organization: Debian",
	      "downloadLocation": "NOASSERTION",
	      "filesAnalyzed": false,
	      "sourceInfo": "built from the source package $source $source_version",
	      "licenseConcluded": "NOASSERTION",
	      "licenseDeclared": "$licence",
	      "copyrightText": "NOASSERTION",
	      "externalRefs": [
	        {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "$purl"}
	      ]
	    },
	END
}

print_program() {
	cat <<-END
	    {
	      "SPDXID": "$(reference portclass)",
	      "name": "portclass",
	      "versionInfo": "$version",
	      "supplier": "NOASSERTION",
	      "downloadLocation": "NOASSERTION",
	      "filesAnalyzed": false,
	      "primaryPackagePurpose": "APPLICATION",
	      "checksums": [{"algorithm": "SHA256", "checksumValue": "$sum"}],
	      "licenseConcluded": "NOASSERTION",
	      "licenseDeclared": "BSD-2-Clause OR GPL-2.0-only",
	      "copyrightText": "NOASSERTION"
	    }
	END
}

# relation ELEMENT TYPE ELEMENT
relation() {
	printf '    {"spdxElementId": "%s", "relationshipType": "%s", "relatedSpdxElement": "%s"}' "$@"
}

print_relations() {
	local package

	for package in $packages; do
		relation "$(reference portclass)" STATIC_LINK "$(reference "$package")"
		printf ',\n'
	done
	relation SPDXRef-DOCUMENT DESCRIBES "$(reference portclass)"
	echo
}

print_document() {
	local package

	cat <<-END
	{
	  "spdxVersion": "SPDX-2.3",
	  "dataLicense": "CC0-1.0",
	  "SPDXID": "SPDXRef-DOCUMENT",
	  "name": "portclass-$version",
	  "documentNamespace": "https://spdx.org/spdxdocs/portclass-$version-$sum",
	  "creationInfo": {
	    "created": "$(date -u -d "@${SOURCE_DATE_EPOCH:-0}" +%Y-%m-%dT%H:%M:%SZ)",
	    "creators": ["Tool: portclass-sbom-$version"]
	  },
	  "packages": [
	END
	for package in $packages; do
		print_package "$package"
	done
	print_program
	printf '  ],\n  "relationships": [\n'
	print_relations
	printf '  ]\n}\n'
}

command -v dpkg-query >/dev/null || fail "no dpkg-query here: the packages are Debian's"
sum=$(sha256sum "$program")
sum=${sum%% *}
packages=$(linked_packages)
print_document
