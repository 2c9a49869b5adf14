#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The same sources make the same bytes, whoever builds them, and where.

load helper

# Not what was built: what the build reads.
copy_sources() {
	mkdir -p "$1"
	cp -R "$ROOT"/{Makefile,bpf,docs,registry,tests,tools,user,vmlinux} "$1"
}

# build_in DIRECTORY JOBS ENVIRONMENT...
build_in() {
	local directory=$1 jobs=$2

	shift 2
	env -u MAKEFLAGS -u MAKELEVEL "$@" make -s --no-print-directory -C "$directory" -j "$jobs" all static
}

@test "two builds in two places, at two times of two users are the same bytes" {
	one=$BATS_TEST_TMPDIR/one two=$BATS_TEST_TMPDIR/a/longer/way/to/two
	copy_sources "$one"
	(umask 077 && copy_sources "$two" && find "$two" -exec touch -d 2001-02-03 {} +)
	build_in "$one" 1 LC_ALL=C TZ=UTC &
	(umask 077 && build_in "$two" 2 LC_ALL=C.UTF-8 TZ=Asia/Tokyo HOME=/nonexistent USER=other)
	wait $!
	for file in portclass static/portclass portclass.bpf.o; do
		sha256sum "$one/build/$file" "$two/build/$file"
		cmp "$one/build/$file" "$two/build/$file"
	done
	for file in portclass portclass.bpf.o; do
		! grep -qF "$BATS_TEST_TMPDIR" "$one/build/$file"
	done
}
