#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# What bash offers behind the words of a command.

load helper

setup() {
	# shellcheck source=/dev/null
	source "$ROOT/docs/completion/portclass.bash"
	# shellcheck disable=SC2317 # it works within a real completion only
	compopt() { :; }
	export LC_ALL=C
}

# offered WORD...: what <Tab> offers for the last of them, on one line.
offered() {
	COMP_WORDS=("$PORTCLASS" "$@")
	COMP_CWORD=$#
	_portclass
	echo "${COMPREPLY[*]}"
}

# Names of one word and the first words of others.
first_words() {
	"$PORTCLASS" help words | grep -v ^- | cut -f1 | cut -d' ' -f1 | sort -u | xargs
}

@test "commands, their second words, and the options" {
	[[ " $(offered '') " == *" attach "*" registry "*" watch "* ]]
	[ "$(offered att)" = attach ]
	[ "$(offered -)" = "-V -h -j -n -p -v" ]
	[ "$(offered registry '')" = "check diff stats" ]
	[ "$(offered registry s)" = stats ]
	[ "$(offered -j registry d)" = diff ]
	[[ " $(offered agent '') " == " check "*" listen "* ]]
}

@test "help explains commands, and nothing else" {
	[ "$(offered help '')" = "$(first_words)" ]
	[ "$(offered help sh)" = show ]
	[ "$(offered help registry '')" = "check diff stats" ]
	[ -z "$(offered help show '')" ]
	[ -z "$(offered help registry check '')" ]
}

@test "keywords and their values" {
	[ "$(offered show '')" = "all by dev limit pin" ]
	[ "$(offered show by '')" = "bytes packets port" ]
	[ "$(offered show dev l)" = lo ]
	[ "$(offered attach dev lo mode n)" = native ]
	[ -z "$(offered show limit '')" ]
	cd "$ROOT"
	[ "$(offered attach dev lo registry registry/ian)" = registry/iana.csv ]
	[[ $(offered registry check registry/ian) == *registry/iana.csv* ]]
}

@test "what can't be told is not offered: a port or a name to look up" {
	[ "$(offered lookup '')" = "ephemeral format overlay registry strict" ]
	[ -z "$(offered lookup P)" ]
	[ "$(offered lookup 443 o)" = overlay ]
}

# hostile_interfaces NAME...: what `ls` says there is.
hostile_interfaces() {
	printf '%s\n' "$@" >"$BATS_TEST_TMPDIR/names"
	# shellcheck disable=SC2317 # the completion calls it
	ls() { cat "$BATS_TEST_TMPDIR/names"; }
}

@test "an interface's name is a name, whatever a shell would make of it" {
	cd "$BATS_TEST_TMPDIR"
	# shellcheck disable=SC2016 # that is the point
	hostile_interfaces '$(id>pwned)' '`id>pwned`' '*' '~root' '${HOME}' 'a;id>pwned' "it's" eth0
	offered show dev ''
	[ ! -e pwned ]
	[ "${#COMPREPLY[@]}" = 8 ]
	# What is offered is the name again for the shell that reads the line.
	for word in "${COMPREPLY[@]}"; do
		eval "printf '%s\n' $word"
	done | sort >back
	[ ! -e pwned ]
	diff back <(sort names)
	[ "$(offered show dev e)" = eth0 ]
	# shellcheck disable=SC2016 # that is the point
	[ "$(offered show dev '$(i')" = '\$\(id\>pwned\)' ]
}
