#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Install what building, the demo or the tests need and this machine lacks. It
# must work where nothing is mounted yet, so there is no /dev/fd to read from.
#
# usage: tools/setup.sh [build|demo|bench|fuzz|lint|coverage|test|vm|arm64]
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
goal=${1:-test}

# Set, Debian package, what shows that it is there (a command or a file), reason.
needs() {
	cat <<-'EOF'
	build make               make                              runs the build
	build gcc                gcc                               compiles the program
	build libc6-dev          /usr/include/stdlib.h             the C library's headers
	build clang              clang                             compiles the BPF program
	build libbpf-dev         /usr/include/bpf/libbpf.h         loads it into the kernel
	build libelf-dev         /usr/include/libelf.h             libbpf reads objects with it
	build zlib1g-dev         /usr/include/zlib.h               the same
	build libexpat1-dev      /usr/include/expat.h              reads the registry's XML
	unit  libjson-c-dev      /usr/include/json-c/json.h        reads the JSON that is tested
	build libncurses-dev     /usr/include/ncurses.h            draws `portclass watch`
	build libcap-dev         /usr/include/sys/capability.h     says which capability is missing
	build libmd-dev          /usr/include/sha2.h               hashes registry files
	build libevent-dev       /usr/include/event2/http.h        the agent's event loop and web server
	demo  iproute2           ip                                makes the namespaces' network
	demo  iputils-ping       ping                              sends pings
	demo  python3            python3                           runs the demo's servers and clients
	demo  jq                 jq                                reads JSON counts to check them
	bench bpftool            bpftool                           loads the rivals, and tells of programs
	bench xdp-tools          xdp-filter                        a rival: filters ports by XDP
	bench nftables           nft                               a rival: counts ports in netfilter
	bench tcpdump            tcpdump                           a rival: captures
	bench ethtool            ethtool                           has a cable take frames from XDP
	bench procps             pgrep                             finds the softirq thread
	fuzz  libclang-rt-14-dev /usr/lib/llvm-14/lib/clang/14.0.6/include/fuzzer makes up what the readers get
	lint  clang-format       clang-format                      says how the code is laid out
	lint  clang-tidy         clang-tidy                        looks for mistakes in it
	lint  cppcheck           cppcheck                          looks for others
	lint  mandoc             mandoc                            checks the man page
	lint  shellcheck         shellcheck                        checks the shell scripts
	lint  pyflakes3          pyflakes3                         checks the Python scripts
	unit  libcmocka-dev      /usr/include/cmocka.h             unit tests
	coverage gcovr           gcovr                             says which lines the tests ran
	test  bats               bats                              end-to-end tests
	test  bpftool            bpftool                           uses the BPF object without portclass
	test  locales            /usr/share/i18n/locales/tr_TR     makes the locale of who writes another I
	test  strace             strace                            kills a command at a given step
	test  valgrind           valgrind                          looks at the commands' memory
	test  libc6-dbg          /usr/lib/debug/.build-id          tells valgrind the C library's functions
	test  zsh                zsh                               completes a line
	test  fish               fish                              the same
	test  haproxy            haproxy                           stands before an agent, with TLS
	test  openssl            openssl                           makes the certificate for that
	test  curl               curl                              a client of the web server
	test  tshark             tshark                            says what is in a captured frame
	test  python3-scapy      /usr/lib/python3/dist-packages/scapy makes frames that are hard to read
	test  tcpreplay          tcpreplay                         sends a capture over a cable
	test  chromium           chromium                          looks at the agent's page
	test  prometheus         promtool                          checks rules, metrics and queries
	test  kubernetes-client  kubectl                           renders the manifests, offline
	test  podman             podman                            builds and runs the image
	test  runc               runc                              runs it where crun can't
	test  python3-yaml       /usr/lib/python3/dist-packages/yaml reads the manifests
	test  python3-prometheus-client /usr/lib/python3/dist-packages/prometheus_client parses OpenMetrics
	test  python3-jsonschema /usr/lib/python3/dist-packages/jsonschema checks the chart's values
	vm    qemu-system-x86    qemu-system-x86_64                boots other kernels
	vm    bpftool            bpftool                           uses the BPF object without portclass
	vm    busybox-static     busybox                           is what they begin with
	vm    cpio               cpio                              packs that
	vm    kmod               depmod                            finds the modules that they need
	vm    xz-utils           xz                                unpacks these
	vm    ethtool            ethtool                           sets the queues of a network card
	vm    xdp-tools          xdp-loader                        runs two XDP programs on one interface
	arm64 gcc-aarch64-linux-gnu aarch64-linux-gnu-gcc          compiles for arm64
	arm64 qemu-user-static   qemu-aarch64-static               runs that
	EOF
}

# Each set needs others.
sets_of() {
	case $1 in
	build) echo build ;;
	demo) echo build demo ;;
	bench) echo build demo bench ;;
	fuzz) echo build unit fuzz ;;
	lint) echo build lint ;;
	coverage) echo build unit coverage ;;
	test) echo build demo bench fuzz lint unit coverage test ;;
	vm) echo build demo unit vm ;;
	arm64) echo build unit arm64 ;;
	*) echo "usage: tools/setup.sh [build|demo|bench|fuzz|lint|coverage|test|vm|arm64]" >&2; exit 1 ;;
	esac
}

is_there() {
	case $1 in
	/*) [ -e "$1" ] ;;
	*) command -v "$1" >/dev/null ;;
	esac
}

# Lines `package reason` of what the goal needs and this machine lacks.
missing() {
	local set package probe reason

	needs | while read -r set package probe reason; do
		[[ " $sets " == *" $set "* ]] || continue
		is_there "$probe" || echo "$package $reason"
	done
}

fail() {
	printf 'setup: %s\n' "$@" >&2
	exit 1
}

# Says each package when it is installed, but not what came with it.
install_packages() {
	DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
		-o DPkg::Lock::Timeout=300 "$@" </dev/null 2>&1 |
		tee "$log" | sed -n 's/^Setting up \([^ :]*\)[^ ]* (\(.*\)).*/\1 \2/p' |
		while read -r package version; do
			[[ " $* " != *" $package "* ]] || echo "  installed $package $version"
		done
}

sets=$(sets_of "$goal")
lacking=$(missing)
[ -n "$lacking" ] || exit 0

mapfile -t packages <<<"$(cut -d' ' -f1 <<<"$lacking")"
echo "setup: \`make $goal\` needs ${#packages[@]} packages that are missing here:"
while read -r package reason; do
	printf '  %-16s %s\n' "$package" "$reason"
done <<<"$lacking"

command -v apt-get >/dev/null ||
	fail "no apt-get here: install them by hand (the names are Debian's), then try again"
[ "$(id -u)" = 0 ] ||
	fail "this takes root, either run: sudo tools/setup.sh $goal" \
		"or: apt-get install -y ${packages[*]}"

log=$(mktemp)
trap 'rm -f "$log"' EXIT
# The first try fails where the package lists are empty or too old.
if ! install_packages "${packages[@]}"; then
	echo "  apt-get update"
	apt-get update -qq </dev/null >"$log" 2>&1 || { cat "$log" >&2; fail "apt-get update failed"; }
	install_packages "${packages[@]}" || { cat "$log" >&2; fail "apt-get install failed"; }
fi
lacking=$(missing)
[ -z "$lacking" ] || fail "still missing after apt-get install:" "$lacking"
