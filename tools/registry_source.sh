#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# Say where FILE comes from, as comment lines at the head of registry/iana.csv.
#
# usage: registry_source.sh FILE
set -eu

# Wireshark fetches its registry files anew each week and logs it; the edition is
# no older than the registrations in it and no newer than that.
print_package() {
	changelog=/usr/share/doc/$2/changelog.gz
	echo "# source: Debian package $(dpkg-query -W -f '${Package} ${Version}' "$2"), $1"
	[ -r "$changelog" ] || return 0
	date=$(zcat "$changelog" | sed -n 's/.*\[Automatic update for \([0-9-]*\)\].*/\1/p' | head -n 1)
	[ -n "$date" ] || return 0
	echo "# date: $date"
	echo "# (the date is upstream's newest \"Automatic update\" of it in $changelog)"
}

print_file() {
	echo "# source: $(basename "$1"), fetched $(date -u -r "$1" +%Y-%m-%d)"
}

file=$(realpath -e "$1")
package=$(dpkg-query -S "$file" 2>/dev/null | cut -d : -f 1) || true
echo '# The IANA port registry, facts only: names, ports, transports. Generated, do not edit:'
echo '# make registry-refresh FROM=FILE, which also merges registry/additions.csv'
if [ -n "$package" ]; then
	print_package "$file" "$package"
else
	print_file "$file"
fi
echo "# sha256 of the source: $(sha256sum < "$file" | cut -d ' ' -f 1)"
