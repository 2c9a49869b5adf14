#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Unpack Debian's arm64 libraries, which the program is linked with, below
# build/arm64/sysroot. apt is given a state of its own for it, so that the machine does
# not become one of two architectures. What is there already is not made again.
#
# usage: tools/arm64_sysroot.sh
set -euo pipefail
cd "$(dirname "$0")/.."

PACKAGES='libc6-dev linux-libc-dev libbpf-dev libelf-dev zlib1g-dev libexpat1-dev libjson-c-dev
	libncurses-dev libcap-dev libmd-dev libevent-dev libcmocka-dev'
sysroot=build/arm64/sysroot

[ ! "$sysroot/complete" -nt "$0" ] || exit 0

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch"/{lists,cache/archives}/partial
: >"$scratch/status"
cat >"$scratch/apt.conf" <<END
APT::Architecture "arm64";
APT::Architectures { "arm64"; };
APT::Sandbox::User "root";
Dir::State::Lists "$scratch/lists";
Dir::State::status "$scratch/status";
Dir::Cache "$scratch/cache";
END
export APT_CONFIG=$scratch/apt.conf
apt-get update -qq
# shellcheck disable=SC2086 # they are words
apt-get install -y -qq --download-only --no-install-recommends $PACKAGES >"$scratch/log" 2>&1 ||
	{ cat "$scratch/log" >&2; exit 1; }

rm -rf "$sysroot"
mkdir -p "$sysroot"
for package in "$scratch"/cache/archives/*.deb; do
	dpkg-deb -x "$package" "$sysroot"
done
# Links from the root of an arm64 machine lead out of here.
find "$sysroot" -type l -lname '/*' | while read -r link; do
	ln -sfn "$(realpath -m --relative-to="$(dirname "$link")" "$sysroot$(readlink "$link")")" "$link"
done
touch "$sysroot/complete"
