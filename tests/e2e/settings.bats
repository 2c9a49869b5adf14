#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck disable=SC2154 # bats sets stderr
#
# agent check: settings from the command line, the environment and a file.

load helper

setup() {
	config=$BATS_TEST_TMPDIR/agent.conf
}

check() {
	run --separate-stderr "$PORTCLASS" agent check "$@"
	echo "status $status: $output $stderr"
}

# refuses STATUS TEXT ARGUMENT...
refuses() {
	local wanted=$1 text=$2

	shift 2
	check "$@"
	[ "$status" = "$wanted" ] && [[ $stderr == *"$text"* ]]
}

@test "the command line wins over the environment, that over the file" {
	printf '%s\n' '# the node' 'dev file*' '' '  series   7 ' 'mode generic' >"$config"
	check -j config "$config"
	[ "$status" = 0 ]
	jq -e '.dev == ["file*"] and .series == 7 and .mode == "generic" and
		.listen == "127.0.0.1:9635" and .["detach-on-exit"] == false' <<<"$output"

	export PORTCLASS_CONFIG=$config PORTCLASS_DEV='a* b*' PORTCLASS_SERIES=8
	export PORTCLASS_DETACH_ON_EXIT=yes PORTCLASS_LOG_FORMAT=json PORTCLASS_MODE=
	check -j
	jq -e '.dev == ["a*", "b*"] and .series == 8 and .mode == "generic" and
		.["detach-on-exit"] and .["log-format"] == "json"' <<<"$output"

	check -j dev eth0 --dev eth1 --listen '[::1]:80'
	jq -e '.dev == ["eth0", "eth1"] and .series == 8 and .listen == "[::1]:80"' <<<"$output"
}

@test "what it prints is a configuration file that says the same" {
	check dev 'eth*' except lo listen off series 9 ephemeral 40000-50000 detach-on-exit
	[ "$status" = 0 ]
	first=$output
	echo "$first" >"$config"
	check config "$config"
	[ "$output" = "$first" ]
}

@test "mistakes are told with their place" {
	printf '%s\n' 'dev eth0' 'colour red' >"$config"
	refuses 1 "$config:2" config "$config"
	printf '%s\n' 'series 5' 'series 6' >"$config"
	refuses 1 "$config:2" config "$config"
	printf '%s\n' 'config other' >"$config"
	refuses 1 "$config:1" config "$config"
	printf '%s\n' dev >"$config"
	refuses 1 "$config:1" config "$config"
	printf '%s\n' 'detach-on-exit no' >"$config"
	refuses 1 "$config:1" config "$config"
	refuses 1 'listen "nowhere"' listen nowhere
	refuses 1 'listen "127.0.0.1:99999"' listen 127.0.0.1:99999
	refuses 1 'dev "a/b"' dev a/b
	refuses 1 "except \"$(printf '%0128d' 0)\"" except "$(printf '%0128d' 0)"
	refuses 1 'dev ""' dev ''
	refuses 1 'overlay ""' overlay ''
	printf '%s\n' 'series 5' 'dev a/b' >"$config"
	refuses 1 "$config:2" config "$config"
	printf '%s\n' 'listen nowhere' >"$config"
	refuses 1 "$config:1" config "$config"
	refuses 1 'series "0"' series 0
	refuses 1 'usage: portclass agent check' series 0
	refuses 1 "open $BATS_TEST_TMPDIR/nothing" config "$BATS_TEST_TMPDIR/nothing"
	refuses 1 "$BATS_TEST_TMPDIR: Is a directory" config "$BATS_TEST_TMPDIR"
	PORTCLASS_SERIES=many refuses 1 'PORTCLASS_SERIES: series "many"'
}

@test "the files are compiled, and refused as attach refuses them" {
	echo 'mine 7000/udp' >"$BATS_TEST_TMPDIR/good"
	echo 'mine 99999/udp' >"$BATS_TEST_TMPDIR/bad"
	check overlay "$BATS_TEST_TMPDIR/good"
	[ "$status" = 0 ]
	refuses 6 "$BATS_TEST_TMPDIR/bad:1" overlay "$BATS_TEST_TMPDIR/bad"
	refuses 6 "$BATS_TEST_TMPDIR/bad:1" overlay "$BATS_TEST_TMPDIR/good" overlay "$BATS_TEST_TMPDIR/bad"
	printf 'mine 7000/udp\nother 1/ddp\n' >"$BATS_TEST_TMPDIR/odd"
	check overlay "$BATS_TEST_TMPDIR/odd"
	[ "$status" = 0 ]
	refuses 6 "as strict asks: $BATS_TEST_TMPDIR/odd: 1 warning" overlay "$BATS_TEST_TMPDIR/odd" strict
	PORTCLASS_STRICT=yes refuses 6 'as strict asks' overlay "$BATS_TEST_TMPDIR/odd"
	echo strict >"$config"
	refuses 6 'as strict asks' config "$config" overlay "$BATS_TEST_TMPDIR/odd"
	refuses 1 format format csv
	check -j overlay "$BATS_TEST_TMPDIR/bad"
	[ "$status" = 6 ]
	jq -e '.error.status == 6' <<<"$output"
}
