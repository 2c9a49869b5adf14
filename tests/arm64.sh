#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The user side for arm64: unit tests and program, emulated, and the BPF object, which
# has to be the same bytes. Prints the results of all in TAP.
#
# usage: tests/arm64.sh (after make arm64)
set -euo pipefail
cd "$(dirname "$0")/.."

results=$(mktemp)
trap 'rm -f "$results"' EXIT
tests=0

check() {
	local name=$1

	shift
	tests=$((tests + 1))
	if said=$("$@" 2>&1); then
		echo "ok $tests - $name"
	else
		echo "not ok $tests - $name"
		printf '%s\n' "$said" | sed 's/^/# /'
	fi
}

# An object without what only a debugger reads: it names the directories of headers.
linked() {
	PATH=$PATH:/usr/sbin bpftool gen object "$results" "$1" >/dev/null
	cat "$results"
}

emulate() {
	qemu-aarch64-static -L build/arm64/sysroot "$@"
}

is_static_pie() {
	readelf -hW "$1" | grep 'Type: *DYN' && readelf -dW "$1" | grep 'NOW PIE' &&
		readelf -lW "$1" | grep GNU_RELRO && ! readelf -lW "$1" | grep INTERP
}

# A program's tests become ours, with its name, and so does how it ends.
check_program() {
	local status=0

	CMOCKA_MESSAGE_OUTPUT=TAP emulate "build/arm64/$1" >"$results" 2>&1 </dev/null || status=$?
	awk -v name="$1" -v tests="$tests" -v status="$status" '
		/^1\.\.[0-9]+$/ || /^# (not )?ok / { next }
		/^not ok .*# SKIP / { sub(/^not ok [0-9]+ # SKIP /, ""); print "ok " ++tests " - " name ": " $0 " # SKIP " before; next }
		/^(not )?ok / { failed += /^not/; sub(/ok [0-9]+ - /, "ok " ++tests " - " name ": ") }
		{ before = $0; print }
		END { if (status && !failed) print "not ok " ++tests " - " name " ended with status " status }
	' "$results"
	tests=$((tests + $(grep -cE '^(not )?ok [0-9]+' "$results" || true)))
	[ $status = 0 ] || grep -q '^not ok ' "$results" || tests=$((tests + 1))
}

if [ ! -e build/arm64/portclass ] || ! command -v qemu-aarch64-static >/dev/null; then
	echo "ok 1 - arm64 # SKIP not built, or no qemu-user-static (try, with a network: make test-arm64)"
	echo 1..1
	exit
fi
check "the BPF object is the same bytes" cmp <(linked build/portclass.bpf.o) \
	<(linked build/arm64/portclass.bpf.o)
check "lookup says what it says here" diff <(build/portclass lookup 443 domain 6000-6063) \
	<(emulate build/arm64/portclass lookup 443 domain 6000-6063)
check "lookup says the same in JSON" diff <(build/portclass lookup 1-65535 -j) \
	<(emulate build/arm64/portclass lookup 1-65535 -j)
check "the static program needs nothing, and is loaded anywhere" is_static_pie build/arm64/static/portclass
check "it says the same" diff <(build/portclass lookup 443 domain) \
	<(qemu-aarch64-static build/arm64/static/portclass lookup 443 domain)
for program in build/arm64/test_*; do
	case $program in *.*) continue ;; esac
	check_program "$(basename "$program")"
done
echo "1..$tests"
