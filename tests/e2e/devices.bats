#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck disable=SC2154 # helper.bash sets what it leaves
#
# Devices whose frames do not begin with Ethernet, and those whose frames nobody reads here.

load helper

setup() { world_open; }
teardown() { world_close; }

# A tun device and what it carries: IPv4, IPv6, and what is neither.
tun() {
	on_host /usr/bin/python3 - "$PORTCLASS" <<-'END'
	import fcntl, os, struct, subprocess, sys
	program = sys.argv[1]
	tun = os.open("/dev/net/tun", os.O_RDWR)
	fcntl.ioctl(tun, 0x400454ca, struct.pack("16sH14x", b"tun0", 0x1001))
	subprocess.run(["ip", "link", "set", "tun0", "up"], check=True)
	subprocess.run([program, "attach", "dev", "tun0", "mode", "generic"], check=True)
	udp = struct.pack(">HHHH", 40000, 53, 8, 0)
	ipv4 = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 28, 1, 0, 64, 17, 0, bytes([10, 9, 9, 2]), bytes([10, 9, 9, 1])) + udp
	fragment = ipv4[:6] + b"\x00\x10" + ipv4[8:]
	ipv6 = struct.pack(">IHBB", 6 << 28, 8, 17, 64) + bytes(31) + b"\x01" + udp
	frames = 0
	for frame, count in ((ipv4, 3), (ipv6, 4), (fragment, 2), (ipv4[:20], 1)):
	    for _ in range(count):
	        os.write(tun, frame)
	        frames += 1
	show = subprocess.run([program, "-j", "show", "dev", "tun0"], check=True, capture_output=True, text=True).stdout
	print(show, end="")
	subprocess.run([program, "reload", "dev", "tun0"], check=True)
	os.write(tun, ipv4)
	print(subprocess.run([program, "-j", "show", "dev", "tun0"], check=True, capture_output=True, text=True).stdout, end="")
	subprocess.run([program, "detach", "dev", "tun0"], check=True)
	END
}

@test "tun: frames begin with IP, and its version says which" {
	[ -e /dev/net/tun ] || skip "no /dev/net/tun here"
	run -0 tun
	show=${lines[0]}
	[ "$(packets to udp domain)" = 7 ]
	[ "$(reason fragment)" = 2 ]
	[ "$(reason truncated)" = 1 ]
	[ "$(reason non_ip)" = 0 ]
	# What the system sends on its own is among them.
	frames=$(jq '.total[0].packets' <<<"$show")
	[ "$frames" -ge 10 ]
	sums_to "$frames" <<<"$show"
	show=${lines[1]}
	[ "$(packets to udp domain)" = 8 ]
}

@test "a link layer that is not read is refused by its name" {
	on_host ip link add monitor type nlmon 2>/dev/null || skip "this kernel makes no such device"
	refused 2 'its link layer is netlink (type 824)' attach dev monitor
	nothing_is_pinned
}
