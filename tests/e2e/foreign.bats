#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck disable=SC2030,SC2031 # each test has a `show` of its own
#
# Pins that others made, that are of another version, or of which some are missing; and
# BPF file systems that are not as they should be.

load helper

# With what is forbidden to wait: each command ends by itself, well before this.
PATIENCE="timeout -k 1 10"

setup() { world_open; }
teardown() { world_close; }

# ends STATUS TEXT COMMAND...: also as JSON, with the same status in it.
ends() {
	local want=$1 text=$2

	shift 2
	# shellcheck disable=SC2086 # words of a command
	run on_host $PATIENCE "$PORTCLASS" "$@"
	echo "portclass $*: status $status: $output"
	[[ $status == "$want" && $output == *"$text"* ]] || return 1
	[ "$status" != 0 ] || return 0
	# shellcheck disable=SC2086 # words of a command
	run --separate-stderr on_host $PATIENCE "$PORTCLASS" -j "$@"
	echo "portclass -j $*: status $status: $output"
	[[ $status == "$want" && $(jq -r .error.status <<<"$output") == "$want" &&
		$(jq -r .error.message <<<"$output") == *"$text"* ]]
}

all_end() {
	local want=$1 text=$2 command

	shift 2
	for command in "$@"; do
		# shellcheck disable=SC2086 # words of a command
		ends "$want" "$text" $command || return 1
	done
}

ALL=("attach dev eth0" "detach dev eth0" "reload dev eth0" "show dev eth0" show list clean
	"watch dev eth0")

# make_map PIN TYPE VALUE_SIZE ENTRIES [FLAGS]
make_map() {
	on_host bpftool map create "$1" type "$2" key 4 value "$3" entries "$4" name other \
		${5:+flags "$5"}
}

load_other() {
	on_host mkdir /sys/fs/bpf/other
	on_host bpftool prog loadall "$OBJECT" /sys/fs/bpf/other/prog pinmaps /sys/fs/bpf/other/maps
}

@test "a map in the place of our directory is refused and left alone" {
	make_map "$PINS" array 8 1
	all_end 2 "$PINS" "${ALL[@]}"
	on_host test -e "$PINS"
	slot_is_free
}

@test "a link to nothing in the place of our directory is refused, not waited for" {
	on_host ln -s /nowhere "$PINS"
	all_end 2 "$PINS" "${ALL[@]}"
	slot_is_free
}

@test "our directory as another user's is not trusted" {
	on_host mkdir "$PINS"
	on_host chown 65534 "$PINS"
	all_end 2 "another user" "${ALL[@]}"
	slot_is_free
}

@test "what lies beside our pins does no harm" {
	load_other
	on_host mkdir "$PINS" "$PINS/other" "$PINS/empty"
	make_map "$PINS/other/counts" hash 8 16
	make_map "$PINS/file" array 8 1
	portclass attach dev eth0
	cable_raise
	send_udp 53 5
	conserved
	ends 0 "eth0            attached" list
	[ "$(portclass -j list | jq -r 'map(select(.state == "attached").interface)[]')" = eth0 ]
	portclass reload dev eth0
	conserved
	ends 3 gone show dev other
	portclass detach dev eth0
	on_host test -e "$PINS/other/counts"
	slot_is_free
	portclass clean
	on_host test -e /sys/fs/bpf/other/maps/traffic
	on_host test ! -e "$PINS"
}

# The kernel answers questions about a map and a program in the layout of theirs, and
# some of these read like a link of this interface.
@test "what is no link in the link's place is none, and cleared" {
	load_other
	index=$(on_host ip -j link show dev eth0 | jq '.[0].ifindex')
	for what in map program directory loop; do
		on_host mkdir -p "$PINS/eth0"
		case $what in
		map) make_map "$PINS/eth0/link" percpu_array 8 "$index" ;;
		program) on_host bpftool prog pin pinned /sys/fs/bpf/other/prog/classify "$PINS/eth0/link" ;;
		directory) on_host mkdir "$PINS/eth0/link" ;;
		loop) on_host ln -s link "$PINS/eth0/link" && continue ;;
		esac
		echo "a $what"
		[ "$(portclass -j list | jq -r '.[].state')" = gone ]
		ends 3 gone show dev eth0
		portclass attach dev eth0
		portclass show dev eth0 -j | sums_to 0
		portclass detach dev eth0
		slot_is_free
		on_host test ! -e "$PINS"
	done
	ends 2 "link" list
	ends 2 "link" attach dev eth0
	on_host rm "$PINS/eth0/link"
	on_host rmdir "$PINS/eth0"
	portclass attach dev eth0
}

@test "what is no map of ours in a map's place is refused" {
	maps=$PINS/eth0/maps
	page=$(abi size traffic_page) counter=$(abi size counter) reasons=$(abi count reason)
	row=$(abi size assignment) info=$(abi size info)
	rows=$(($(abi constant SHIPPED_SLOTS) * row))
	load_other
	portclass attach dev eth0
	while read -r name type size entries flags; do
		echo "$name $type $size $entries $flags"
		on_host mv "$maps/$name" "$PINS/eth0/kept"
		make_map "$maps/$name" "$type" "$size" "$entries" "$flags"
		all_end 2 "$name" "show dev eth0" "reload dev eth0" "watch dev eth0"
		ends 0 attached list
		on_host mv "$PINS/eth0/kept" "$maps/$name"
	done <<-END
		traffic percpu_array $counter 16
		traffic array $page 16
		traffic percpu_hash $page 16
		unclassified percpu_array $counter $((reasons - 1))
		unclassified array $counter $reasons
		_data_assignments array $rows 1
		_data_assignments array $((row - 1)) 1 0x400
		_rodata_info array $((info - 4)) 1
		_rodata_info hash $info 1
	END
	on_host mv "$maps/traffic" "$PINS/eth0/kept"
	on_host bpftool prog pin pinned /sys/fs/bpf/other/prog/classify "$maps/traffic"
	all_end 2 "traffic" "show dev eth0" "reload dev eth0" "watch dev eth0"
	portclass detach dev eth0
	slot_is_free
	on_host test ! -e "$PINS"
}

@test "pins of another version are not read, but listed and detached" {
	portclass attach dev eth0
	cable_raise
	send_udp 53 5
	on_host rm "$PINS/eth0/maps/_rodata_info"
	make_map "$PINS/eth0/maps/_rodata_info" array "$(abi size info)" 1
	all_end 2 "another version of portclass" "show dev eth0" show "reload dev eth0" \
		"watch dev eth0"
	all_end 4 "attached already" "attach dev eth0"
	ends 0 attached list
	portclass detach dev eth0
	slot_is_free
	nothing_is_pinned
}

@test "of pins that are there in part, every command says what is missing" {
	for pin in maps/traffic maps/unclassified maps/_data_assignments maps/_rodata_info; do
		portclass attach dev eth0
		on_host rm "$PINS/eth0/$pin"
		all_end 3 "${pin#maps/}" "show dev eth0" "reload dev eth0" "watch dev eth0"
		ends 0 attached list
		ends 4 "attached already" attach dev eth0
		portclass detach dev eth0
		slot_is_free
		nothing_is_pinned
	done
	portclass attach dev eth0
	on_host rm "$PINS/eth0/prog/classify"
	portclass show dev eth0 -j | sums_to 0
	ends 4 "not the one that portclass put there" reload dev eth0
	portclass detach dev eth0
	portclass attach dev eth0
	on_host rm "$PINS/eth0/link"
	ends 3 gone show dev eth0
	portclass attach dev eth0
	portclass detach dev eth0
	slot_is_free
	nothing_is_pinned
}

@test "rows that make no sense are refused, not printed" {
	portclass attach dev eth0
	on_host mkdir /sys/fs/bpf/odd /sys/fs/bpf/odd/maps
	# Characters that nobody can print; a transport that there is not.
	for row in "service=$(printf '\001%.0s' {1..64}) transport=0" service=A; do
		make_map /sys/fs/bpf/odd/maps/_data_assignments array "$(abi size assignment)" 16 0x400
		# shellcheck disable=SC2046,SC2086 # a word each
		on_host bpftool map update pinned /sys/fs/bpf/odd/maps/_data_assignments \
			key 0 0 0 0 value $(abi pack assignment transport=9 first=1 last=1 $row)
		for map in traffic unclassified _rodata_info; do
			on_host bpftool map pin pinned "$PINS/eth0/maps/$map" "/sys/fs/bpf/odd/maps/$map"
		done
		ends 2 "row 0" show pin /sys/fs/bpf/odd
		on_host sh -c "rm /sys/fs/bpf/odd/maps/*"
	done
}

# elsewhere SCRIPT: in a mount namespace of its own.
elsewhere() {
	on_host unshare --mount --propagation unchanged sh -c "$1"
}

@test "a read-only BPF file system: nothing is attached, and what is is not gone" {
	portclass attach dev eth0
	cable_raise
	send_udp 53 5
	for command in "attach dev eth0" "reload dev eth0" "detach dev eth0" clean "show dev eth0" \
		list; do
		run elsewhere "mount -o remount,ro /sys/fs/bpf && '$PORTCLASS' $command
			status=\$?; mount -o remount,rw /sys/fs/bpf; exit \$status"
		echo "$command: status $status: $output"
		[[ $status == 2 && $output == *"Read-only file system"* ]]
	done
	conserved
	[ "$(packets to udp domain)" = 5 ]
}

@test "another BPF file system has nothing of ours, and attach names who is there" {
	portclass attach dev eth0
	run -0 elsewhere "mount -t bpf bpf /sys/fs/bpf; '$PORTCLASS' list"
	[[ $output == *"nothing is attached"* ]]
	run -4 elsewhere "mount -t bpf bpf /sys/fs/bpf; '$PORTCLASS' attach dev eth0"
	[[ $output == *classify*bpf_link* ]]
	run -3 elsewhere "mount -t bpf bpf /sys/fs/bpf; '$PORTCLASS' detach dev eth0"
	portclass show dev eth0 -j | sums_to 0
}

@test "another user as root of a user namespace of his own may do nothing" {
	install -m 755 "$PORTCLASS" "$BATS_TEST_TMPDIR/portclass"
	on_host mount --bind "$BATS_TEST_TMPDIR" /run
	as=(setpriv --reuid=65534 --clear-groups unshare --user --map-root-user)
	on_host "${as[@]}" true || skip "no user namespaces here"
	portclass attach dev eth0
	for command in "${ALL[@]}"; do
		# shellcheck disable=SC2086 # words of a command
		run on_host $PATIENCE "${as[@]}" /run/portclass $command
		echo "$command: status $status: $output"
		[[ $status == 5 && $output == "portclass: "* ]]
	done
	portclass show dev eth0 -j | sums_to 0
	portclass detach dev eth0
	nothing_is_pinned
}
