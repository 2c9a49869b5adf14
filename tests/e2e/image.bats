#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck disable=SC2030,SC2031,SC2154 # each test is a subshell; bats sets output
#
# What the image holds: the program, what is linked into it, and whether another build has
# the same bytes. How it runs: deploy.bats.

load helper

STATIC=$ROOT/build/static/portclass

teardown() { world_close; }

make_in() {
	env -u MAKEFLAGS -u MAKELEVEL make -s --no-print-directory -C "$@"
}

@test "the image's program is loaded anywhere, and what it relocates is read-only then" {
	make_in "$ROOT" static
	readelf -hW "$STATIC" | grep 'Type: *DYN'
	readelf -dW "$STATIC" | grep 'FLAGS_1.*NOW.*PIE'
	readelf -dW "$STATIC" | grep 'BIND_NOW'
	readelf -lW "$STATIC" | grep GNU_RELRO
	readelf -lW "$STATIC" | grep GNU_STACK | grep -v E
	run ! grep INTERP <(readelf -lW "$STATIC")
	run ! grep -E 'NEEDED|TEXTREL' <(readelf -dW "$STATIC")
	"$STATIC" lookup 443/tcp | grep https
}

@test "the SBOM is one, and lacks nothing that is linked in" {
	make_in "$ROOT" sbom
	link=$(make_in "$ROOT" -Bn build/static/portclass V=1 | sed -n '/static-pie/,$p' | tr -d '\\\n')
	(cd "$ROOT" && eval "$link -Wl,--trace,-Map=$BATS_TEST_TMPDIR/map -o $BATS_TEST_TMPDIR/linked") \
		>"$BATS_TEST_TMPDIR/trace"
	/usr/bin/python3 "$ROOT/tests/sbom_check.py" "$STATIC.spdx.json" "$STATIC" "$BATS_TEST_TMPDIR/trace"
	# One that lacks a library does not pass.
	jq 'del(.packages[] | select(.name == "libelf-dev"))' "$STATIC.spdx.json" >"$BATS_TEST_TMPDIR/lacking"
	run ! /usr/bin/python3 "$ROOT/tests/sbom_check.py" "$BATS_TEST_TMPDIR/lacking" "$STATIC" "$BATS_TEST_TMPDIR/trace"
	[[ $output == *libelf-dev* ]]
}

@test "the SBOM's time is the sources', and nothing else changes it" {
	make_in "$ROOT" static
	for zone in UTC Asia/Tokyo; do
		SOURCE_DATE_EPOCH=1700000000 TZ=$zone "$ROOT/tools/sbom.sh" "$STATIC" "$STATIC.map" 0.1 \
			>"$BATS_TEST_TMPDIR/${zone##*/}"
	done
	cmp "$BATS_TEST_TMPDIR/UTC" "$BATS_TEST_TMPDIR/Tokyo"
	[ "$(jq -r .creationInfo.created "$BATS_TEST_TMPDIR/UTC")" = 2023-11-14T22:13:20Z ]
}

# sbom_of FILE: of a program that the linker took that file into.
sbom_of() {
	printf 'Archive member included to satisfy\n%s(x.o)\nMemory Configuration\n' "$1" >"$BATS_TEST_TMPDIR/map"
	run -1 "$ROOT/tools/sbom.sh" "$STATIC" "$BATS_TEST_TMPDIR/map" 0.1
}

@test "a library whose licence nobody has looked at is refused, and one of no package" {
	make_in "$ROOT" static
	json=$(dpkg-query -L libjson-c-dev 2>/dev/null | grep '\.a$') || skip "no libjson-c-dev here"
	sbom_of "$json"
	[[ $output == *"no licence is known of json-c"* ]]
	touch "$BATS_TEST_TMPDIR/own.a"
	sbom_of "$BATS_TEST_TMPDIR/own.a"
	[[ $output == *"no path found"* ]]
}

# Not what was built: what the build reads.
copy_sources() {
	mkdir -p "$1"
	cp -R "$ROOT"/{Makefile,bpf,deploy,docs,registry,tests,tools,user,vmlinux} "$1"
}

# image_in DIRECTORY: build one there, and say the digest of all that is in it.
image_in() {
	local store=$BATS_TEST_TMPDIR/store-${1##*/} podman

	mkdir -p "$store/home"
	podman="podman --root $store/root --runroot /run/store-${1##*/}"
	# shellcheck disable=SC2086 # words of a command
	on_host env HOME="$store/home" make -s -C "$1" image IMAGE=portclass:same \
		PODMAN="$podman" SOURCE_DATE_EPOCH=1700000000 >&2
	# shellcheck disable=SC2086
	on_host env HOME="$store/home" $podman image inspect --format '{{.Digest}} {{.Id}}' portclass:same
}

@test "two images of two builds in two places are the same" {
	command -v podman >/dev/null || skip "no podman here (try: tools/setup.sh test)"
	world_open
	unset XDG_CONFIG_HOME XDG_CACHE_HOME XDG_DATA_HOME XDG_RUNTIME_DIR MAKEFLAGS MAKELEVEL
	one=$BATS_TEST_TMPDIR/one two=$BATS_TEST_TMPDIR/a/longer/way/to/two
	copy_sources "$one"
	(umask 077 && copy_sources "$two" && find "$two" -exec touch -d 2001-02-03 {} +)
	first=$(image_in "$one")
	second=$(umask 077 && TZ=Asia/Tokyo image_in "$two")
	[[ $first == sha256:* ]]
	[ "$first" = "$second" ]
}
