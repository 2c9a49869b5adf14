#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# install puts everything below DESTDIR and PREFIX, uninstall removes it.

load helper

make_here() {
	env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory -C "$ROOT" \
		DESTDIR="$BATS_TEST_TMPDIR/stage" "$@"
}

@test "install and uninstall" {
	make_here install
	(cd "$BATS_TEST_TMPDIR/stage" && find . -type f | sort) >"$BATS_TEST_TMPDIR/files"
	diff "$BATS_TEST_TMPDIR/files" - <<-'END'
	./usr/bin/portclass
	./usr/lib/bpf/portclass.bpf.o
	./usr/share/bash-completion/completions/portclass
	./usr/share/man/man8/portclass.8
	./usr/share/portclass/iana.csv
	./usr/share/zsh/vendor-completions/_portclass
	END
	"$BATS_TEST_TMPDIR/stage/usr/bin/portclass" -V
	make_here uninstall
	[ -z "$(find "$BATS_TEST_TMPDIR/stage" -mindepth 2)" ]
}

@test "another prefix, and what was there before stays" {
	mkdir -p "$BATS_TEST_TMPDIR/stage/opt/bin"
	touch "$BATS_TEST_TMPDIR/stage/opt/bin/other"
	make_here PREFIX=/opt install
	"$BATS_TEST_TMPDIR/stage/opt/bin/portclass" lookup 443/tcp | grep https
	make_here PREFIX=/opt uninstall
	[ "$(find "$BATS_TEST_TMPDIR/stage/opt" -type f)" = "$BATS_TEST_TMPDIR/stage/opt/bin/other" ]
}
