#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Fetch the captures that Debian packages have among their examples and tests, and
# join them to one, DIRECTORY/public.pcap. Nothing is installed. What can't be had is
# named and left out; that is no failure, as the tests say themselves what they lack.
#
# usage: tools/captures.sh DIRECTORY
set -euo pipefail
export PYTHONDONTWRITEBYTECODE=1
mkdir -p "${1:?usage: tools/captures.sh DIRECTORY}"
directory=$(realpath "$1")
joiner=$(cd "$(dirname "$0")/.." && pwd)/tests/captures/join.py

# Kind of package, its name, what its captures show.
packages() {
	cat <<-'END'
	binary pathspider        an office network; TCP, ECN and ICMP in both versions of IP
	binary golang-github-gopacket-gopacket-dev DHCP, TLS, pcapng in both byte orders
	binary python3-libtrace  ICMP and ICMPv6 errors, spanning tree
	binary python3-dpkt      PPPoE with L2TP and DNS in it
	binary sip-tester        RTP
	binary ruby-pcaprub      telnet
	binary pktanon           a little of everything
	source tcpdump           hundreds of protocols, and frames that crashed a dissector
	END
}

apt() {
	timeout 120 apt-get -qq -o APT::Sandbox::User=root -o Acquire::Retries=1 \
		-o Acquire::http::Timeout=10 "$@" </dev/null >"$directory/log" 2>&1
}

fetch_binary() {
	apt download "$1" && dpkg-deb --extract ./*.deb content
}

# This machine's own lists seldom have sources in them.
fetch_source() {
	local codename own

	# shellcheck disable=SC1091 # every Debian has it
	codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
	own=(-o "Dir::Etc::SourceList=$PWD/sources.list" -o Dir::Etc::SourceParts=/dev/null
		-o "Dir::State::Lists=$PWD/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=)
	mkdir -p lists/partial content
	# shellcheck disable=SC2016 # apt-get expands it
	apt-get indextargets --format 'deb-src $(REPO_URI) $(RELEASE) $(COMPONENT)' \
		'Identifier: Packages' "Release: $codename" 'Component: main' | head -n 1 >sources.list
	apt "${own[@]}" update && apt "${own[@]}" source --download-only "$1" &&
		tar -xf ./*.orig.tar.?z -C content
}

# Leaves DIRECTORY/packages/PACKAGE, with nothing but captures in it, once it is whole.
fetch() {
	local kind=$1 package=$2 work=$directory/work whole=$directory/packages/$2

	[ ! -e "$whole" ] || return 0
	rm -rf "$work"
	mkdir -p "$work" "$directory/packages"
	(cd "$work" && "fetch_$kind" "$package") || return 1
	find "$work/content" ! -type d ! -name '*.pcap*' ! -name '*.cap' -delete
	find "$work/content" -type d -empty -delete
	mv "$work/content" "$whole"
}

if [ "$directory/complete" -nt "$joiner" ] && [ "$directory/complete" -nt "$0" ]; then
	exit 0
fi
missing=
while read -r kind package _; do
	fetch "$kind" "$package" || missing+=" $package"
done <<<"$(packages)"
rm -rf "$directory/work"
if [ -n "$missing" ]; then
	echo "captures: not to be had:$missing (try: apt-get update)"
	echo "captures: apt-get said: $(tail -n 1 "$directory/log")"
fi
[ "$(packages | wc -l)" != "$(wc -w <<<"$missing")" ] || exit 0
"$joiner" "$directory/public.pcap" "$directory/public.names" "$directory/packages"
[ -n "$missing" ] || touch "$directory/complete"
