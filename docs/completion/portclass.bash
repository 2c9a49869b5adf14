# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# bash completion of portclass(8). What it offers is what the program says of
# itself: `portclass help words [COMMAND]`.

# The value that stands for a keyword (or "-": a word without one), as the table has it.
_portclass_value() {
	local keyword value

	while IFS=$'\t' read -r keyword value _; do
		[ "$keyword" = "$1" ] && echo "$value"
	done
}

_portclass_offer_value() {
	case $1 in
	IFACE) mapfile -t COMPREPLY < <(compgen -W "$(ls /sys/class/net 2>/dev/null)" -- "$2") ;;
	FILE | OLD | NEW) compopt -o filenames && mapfile -t COMPREPLY < <(compgen -f -- "$2") ;;
	DIR) compopt -o filenames && mapfile -t COMPREPLY < <(compgen -d -- "$2") ;;
	COMMAND) mapfile -t COMPREPLY < <(compgen -W "$("$3" help words | cut -f1)" -- "$2") ;;
	*\|*) mapfile -t COMPREPLY < <(compgen -W "${1//|/ }" -- "$2") ;;
	esac
}

# A command of one or two words: what is named so far, or what may come next.
_portclass_offer_command() {
	local name names=()

	while IFS=$'\t' read -r name _; do
		if [ -z "$1" ]; then
			names+=("${name%% *}")
		elif [ "${name%% *}" = "$1" ] && [ "$name" != "$1" ]; then
			names+=("${name#* }")
		fi
	done <<<"$3"
	mapfile -t COMPREPLY < <(compgen -W "${names[*]}" -- "$2" | sort -u)
}

_portclass() {
	local program=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]}
	local words=() word commands table value offered more=()

	COMPREPLY=()
	commands=$("$program" help words 2>/dev/null) || return
	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		[[ $word == -* ]] || words+=("$word")
	done
	case ${words[0]-} in
	"") _portclass_offer_command "" "$current" "$commands" && return ;;
	registry)
		[ ${#words[@]} = 1 ] && _portclass_offer_command registry "$current" "$commands" && return
		table=$("$program" help words registry "${words[1]}" 2>/dev/null) ;;
	*) table=$("$program" help words "${words[0]}" 2>/dev/null) ;;
	esac
	[ -n "$table" ] || return
	value=$(_portclass_value "${words[-1]}" <<<"$table")
	if [ ${#words[@]} -gt 1 ] && [ -n "$value" ] && [ "$value" != - ]; then
		_portclass_offer_value "$value" "$current" "$program"
		return
	fi
	offered=$(cut -f1 <<<"$table" | grep -v '^-$')
	value=$(_portclass_value - <<<"$table" | head -1)
	[ -n "$value" ] && _portclass_offer_value "$value" "$current" "$program"
	mapfile -t more < <(compgen -W "$offered" -- "$current")
	COMPREPLY+=("${more[@]}")
}

complete -F _portclass portclass
