# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # tests use what is set here, the helper sets the rest
#
# An interface that a portclass of ABI_VERSION 1 has attached: its programs, maps, link and
# pins, made by bpftool and libbpf of first_version.bpf.c.

first_device=${DEVICE:-eth0}

# In seconds since 1970: an hour ago.
FIRST_SINCE=$(($(date +%s) - 3600))

# Once a test: the object for the host's network namespace, attached at FIRST_SINCE.
first_compile() {
	local netns

	first=$BATS_TEST_TMPDIR/first.o
	netns=$(on_host readlink /proc/self/ns/net | tr -dc 0-9)
	clang -target bpf -g -O2 -mcpu=v2 "-I/usr/include/$(gcc -print-multiarch)" \
		-DSINCE="${FIRST_SINCE}000000000ull" -DNETNS="${netns}ull" \
		-c "$ROOT/tests/e2e/first_version.bpf.c" -o "$first"
}

# first_attach [MODE]
first_attach() {
	on_host mkdir -p "$PINS/$first_device"
	on_host bpftool prog loadall "$first" "$PINS/$first_device/prog" pinmaps "$PINS/$first_device/maps"
	first_link "$PINS/$first_device/prog/classify" "$PINS/$first_device/link" "${1:-native}"
}

# first_link PROGRAM PIN [MODE]: attach it by a bpf_link, which is pinned.
first_link() {
	on_host python3 -B - "$first_device" "$@" <<-'END'
	import ctypes, socket, struct, sys
	device, program, pin, mode = (sys.argv[1:] + ["native"])[:4]
	libbpf = ctypes.CDLL("libbpf.so.1")
	flags = {"native": 1 << 2, "generic": 1 << 1}[mode]
	options = ctypes.create_string_buffer(struct.pack("QI", 64, flags), 64) # size, flags
	fd = libbpf.bpf_obj_get(program.encode())
	link = libbpf.bpf_link_create(fd, socket.if_nametoindex(device), 37, options) # BPF_XDP
	assert link >= 0 and libbpf.bpf_obj_pin(link, pin.encode()) == 0, link
	END
}

# The number of the bpf_link that is pinned.
link_id() {
	on_host bpftool -j link show pinned "$PINS/$first_device/link" | jq .id
}
