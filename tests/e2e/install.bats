#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# install puts everything below DESTDIR and PREFIX, uninstall removes it.

load helper

setup() {
	stage="$BATS_TEST_TMPDIR/a user's stage"
}

make_here() {
	env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory -C "$ROOT" \
		DESTDIR="$stage" "$@"
}

@test "install and uninstall" {
	make_here install
	(cd "$stage" && find . -type f | sort) >"$BATS_TEST_TMPDIR/files"
	diff "$BATS_TEST_TMPDIR/files" - <<-'END'
	./usr/bin/portclass
	./usr/lib/bpf/portclass.bpf.o
	./usr/lib/systemd/system/portclass-agent.service
	./usr/lib/systemd/system/portclass@.service
	./usr/share/bash-completion/completions/portclass
	./usr/share/fish/vendor_completions.d/portclass.fish
	./usr/share/man/man8/portclass.8
	./usr/share/portclass/iana.csv
	./usr/share/zsh/vendor-completions/_portclass
	END
	"$stage/usr/bin/portclass" -V
	make_here uninstall
	[ -z "$(ls -A "$stage")" ]
	make_here uninstall
}

@test "another prefix, and what was there before stays" {
	mkdir -p "$stage/opt/bin"
	touch "$stage/opt/bin/other"
	make_here PREFIX=/opt install
	"$stage/opt/bin/portclass" lookup 443/tcp | grep https
	[ -e "$stage/opt/share/zsh/site-functions/_portclass" ]
	[ -e "$stage/opt/share/fish/vendor_completions.d/portclass.fish" ]
	grep 'ExecStart=/opt/bin/portclass agent' "$stage/opt/lib/systemd/system/portclass-agent.service"
	make_here PREFIX=/opt uninstall
	[ "$(find "$stage" -mindepth 1 ! -type d)" = "$stage/opt/bin/other" ]
	[ "$(ls "$stage/opt")" = bin ]
}

@test "zsh looks where its completion lies, fish too" {
	{ command -v zsh && command -v fish; } >/dev/null || skip "no zsh or no fish here (try: tools/setup.sh test)"
	zsh -fc 'print -l $fpath' | grep -x /usr/share/zsh/vendor-completions
	zsh -fc 'print -l $fpath' | grep -x /usr/local/share/zsh/site-functions
	make_here install
	HOME=$BATS_TEST_TMPDIR XDG_DATA_DIRS="$stage/usr/share" run -0 fish -c 'complete -C "portclass atta"'
	[ -z "$output" ] # no such program
	HOME=$BATS_TEST_TMPDIR XDG_DATA_DIRS="$stage/usr/share" PATH="$stage/usr/bin:$PATH" \
		run -0 fish -c 'complete -C "portclass atta"'
	[[ $output == attach* ]]
}

# On a file system of nothing else, bound over the one that is there.
@test "a system's own directories stay, ours go" {
	need_root
	# shellcheck disable=SC2016 # for the shell inside
	run -0 "$ROOT/tools/world.sh" sh -euc '
		mount -t tmpfs tmpfs /usr/local
		mkdir -p /usr/local/bin /usr/local/share/man
		env -u MAKEFLAGS -u MAKELEVEL make -C "$1" -s PREFIX=/usr/local install
		env -u MAKEFLAGS -u MAKELEVEL make -C "$1" -s PREFIX=/usr/local uninstall
		cd /usr/local && find . ! -name . -type d | sort' sh "$ROOT"
	echo "$output"
	[[ $output == *./bin* && $output == *./share/man* ]]
	[[ $output != *portclass* && $output != *bpf* && $output != *completion* ]]
	[[ $output != *systemd* ]]
}

@test "the program is built to be hard to take over" {
	readelf -h "$PORTCLASS" | grep -q 'Type: *DYN'
	readelf -lW "$PORTCLASS" | grep -q GNU_RELRO
	readelf -dW "$PORTCLASS" | grep -q 'BIND_NOW\|NOW'
	readelf -lW "$PORTCLASS" | grep GNU_STACK | grep -qv E
	readelf -sW "$PORTCLASS" | grep -q __stack_chk_fail
	readelf -sW "$PORTCLASS" | grep -q __vsnprintf_chk
}
