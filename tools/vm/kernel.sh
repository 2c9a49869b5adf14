#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Fetch Debian's kernel of a version for virtual machines into build/vm/VERSION, as
# `vmlinuz` and `modules.cpio`. It is never installed. What is there already is
# neither fetched nor made again.
#
# usage: tools/vm/kernel.sh 5.10|6.1|6.12...
set -euo pipefail
cd "$(dirname "$0")/../.."
PATH=$PATH:/usr/sbin:/sbin

# What the tests make interfaces, frames and sockets with.
MODULES='veth dummy 8021q bonding bridge virtio_pci virtio_net vmxnet3 sctp dccp dccp_ipv4 dccp_ipv6'

fail() {
	echo "kernel: $*" >&2
	exit 1
}

# What of it is a kernel by that version: the package that leads to the newest one.
package_of() {
	case $1 in
	5.10 | 6.1) echo linux-image-cloud-amd64 ;;
	6.12) echo linux-image-6.12-cloud-amd64 ;;
	*) fail "no kernel $1 is known here (there are 5.10, 6.1 and 6.12)" ;;
	esac
}

# The options of apt for the release of Debian that has the kernel: that of this
# machine, or an older one on the same mirror, with lists of its own.
aim() {
	local private=$PWD/build/vm/apt mirror keys=/usr/share/keyrings/debian-archive-keyring.gpg

	options=()
	[ "$1" = 5.10 ] || return 0
	# shellcheck disable=SC2016 # apt expands these
	mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' |
		grep -m 1 '/debian/\?$') || fail "apt knows no mirror of Debian here"
	mkdir -p "$private/lists/partial" "$private/cache/archives/partial"
	echo "deb [signed-by=$keys] $mirror bullseye main" >"$private/sources.list"
	options=(-o "Dir::Etc::SourceList=$private/sources.list" -o Dir::Etc::SourceParts=/dev/null
		-o "Dir::State::Lists=$private/lists" -o "Dir::Cache=$private/cache")
}

# The package of the newest kernel that a package leads to; nothing without lists.
newest() {
	{ apt-cache "${options[@]}" depends "$1" 2>/dev/null || true; } |
		sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p'
}

download() {
	(cd "$2" && apt-get "${options[@]}" -o APT::Sandbox::User=root download -qq "$1" >&2)
}

# The first try fails where the lists are empty or too old.
fetch() {
	local version=$1 to=$2 package

	aim "$version"
	package=$(newest "$(package_of "$version")")
	if [ -n "$package" ] && download "$package" "$to" 2>/dev/null; then
		return
	fi
	apt-get "${options[@]}" update -qq >&2
	package=$(newest "$(package_of "$version")")
	[ -n "$package" ] || fail "no package of a kernel $version in the lists of apt"
	download "$package" "$to"
}

# The files of the modules and of those that they need, in the order to load them.
module_files() {
	local module

	for module in $MODULES; do
		modprobe -d "$1" -S "$2" --show-depends "$module" 2>/dev/null || true
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }'
}

# An archive of the modules, uncompressed, with a list of them.
pack_modules() {
	local tree=$1 release=$2 root=$1/root file name

	mkdir -p "$root/modules"
	depmod -b "$tree" "$release"
	module_files "$tree" "$release" | while read -r file; do
		name=$(basename "${file%.xz}")
		case $file in
		*.xz) xz -dc "$file" >"$root/modules/$name" ;;
		*) cp "$file" "$root/modules/$name" ;;
		esac
		echo "$name"
	done >"$tree/order"
	[ -s "$tree/order" ] || fail "no modules in the package of kernel $release"
	mv "$tree/order" "$root/modules/order"
	(cd "$root" && find . | cpio -o -H newc --quiet)
}

provide() {
	local version=$1 to=build/vm/$1 release

	[ "$to/modules.cpio" -nt "$0" ] && return
	mkdir -p "$to"
	tree=$(mktemp -d "$to/tree.XXXXXX")
	trap 'rm -rf "$tree"' EXIT
	compgen -G "$to/*.deb" >/dev/null || fetch "$version" "$to"
	dpkg-deb -x "$to"/*.deb "$tree"
	release=$(basename "$tree"/boot/vmlinuz-*)
	release=${release#vmlinuz-}
	mv "$tree/boot/vmlinuz-$release" "$to/vmlinuz"
	pack_modules "$tree" "$release" >"$to/modules.new"
	mv "$to/modules.new" "$to/modules.cpio"
	rm -rf "$tree"
	echo "  kernel $version is $release"
}

[ $# -gt 0 ] || fail "usage: tools/vm/kernel.sh 5.10|6.1|6.12..."
for version; do
	provide "$version"
done
