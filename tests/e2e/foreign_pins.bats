#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Maps that look like ours, and that another program made.

load helper

setup() { world_open; }
teardown() { world_close; }

DIR=/sys/fs/bpf/foreign

MMAPABLE=1024 # BPF_F_MMAPABLE

# make_map NAME TYPE VALUE_SIZE ENTRIES [FLAGS]
make_map() {
	on_host bpftool map create "$DIR/maps/$1" type "$2" key 4 value "$3" entries "$4" \
		name "${1#_}" flags "${5:-0}"
}

# write_value MAP KEY STRUCT MEMBER=VALUE...
write_value() {
	local key value

	key=$(python3 -c 'import sys; print(*int(sys.argv[1]).to_bytes(4, sys.byteorder))' "$2")
	value=$(abi pack "${@:3}")
	# shellcheck disable=SC2086 # a word each
	on_host bpftool map update pinned "$DIR/maps/$1" key $key value $value
}

# assignment SLOT NAME TRANSPORT
assignment() {
	write_value _data_assignments "$1" assignment service="$2" first=7 last=7 transport="$3"
}

# make_pins PAGES ASSIGNMENTS
make_pins() {
	on_host mkdir -p "$DIR/maps"
	make_map traffic percpu_array "$(abi size traffic_page)" "$1"
	make_map unclassified percpu_array "$(abi size counter)" "$(abi count reason)"
	make_map _data_assignments array "$(abi size assignment)" "$2" "$MMAPABLE"
	make_map _rodata_info array "$(abi size info)" 1
	write_value _rodata_info 0 info abi_version="$(abi constant ABI_VERSION)"
}

@test "assignments that are sound are shown, whoever made them" {
	make_pins 1 8
	assignment 3 mine 2
	run -0 portclass show pin "$DIR" all -j
	jq -e '.services[3] | .service == "mine" and .transport == "sctp"' <<<"$output"
}

@test "a transport that does not exist is refused, not looked up" {
	make_pins 1 8
	assignment 3 mine 200
	refused 2 "what this version does not know" show pin "$DIR" all
}

@test "a name without an end is refused" {
	make_pins 1 8
	assignment 3 "$(printf 'a%.0s' {1..64})" 0
	refused 2 "what this version does not know" show pin "$DIR" all
}

@test "slots beyond those of 16 bits are not read" {
	make_pins 65 66560
	assignment 0 near 0
	assignment 66559 far 0
	run -0 portclass show pin "$DIR" all -j
	jq -e '[.services[].service | select(. != "")] == ["near"]' <<<"$output"
}
