# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# bash completion of portclass(8). What it offers is what the program says of
# itself: `portclass help words [COMMAND]`.

# The value that stands for a keyword (or "-": a word without one), as the table has it.
_portclass_value() {
	local keyword value

	while IFS=$'\t' read -r keyword value _; do
		if [ "$keyword" = "$1" ]; then
			echo "$value"
		fi
	done
}

# Offer those lines of "$1" that begin as what is typed, beside what is offered already. Names
# are foreign: nothing in them is expanded (compgen -W would), and what could be when the line is
# run is quoted.
_portclass_offer() {
	local word quoted

	while read -r word; do
		printf -v quoted %q "$word"
		if [[ -n $word && ($word == "$2"* || $quoted == "$2"*) ]]; then
			COMPREPLY+=("$quoted")
		fi
	done < <(sort -u <<<"$1")
}

# Not by ls, which may be an alias that adds marks or colours.
_portclass_interfaces() {
	local path

	for path in /sys/class/net/*/; do
		[ -d "$path" ] || continue
		path=${path%/}
		printf '%s\n' "${path##*/}"
	done
}

# What is in capitals only stands for a value: those that can be told are offered.
_portclass_offer_value() {
	case $1 in
	IFACE | PATTERN) _portclass_offer "$(_portclass_interfaces)" "$2" ;;
	FILE | OLD | NEW) compopt -o filenames && mapfile -t COMPREPLY < <(compgen -f -- "$2") ;;
	DIR) compopt -o filenames && mapfile -t COMPREPLY < <(compgen -d -- "$2") ;;
	*[[:upper:]]*) ;;
	*\|*) _portclass_offer "${1//|/$'\n'}" "$2" ;;
	esac
}

# The next word of the commands whose names go on behind the words "$1".
_portclass_offer_command() {
	local name names=() before=${1:+$1 }

	while IFS=$'\t' read -r name _; do
		[[ $name == "$before"?* ]] || continue
		name=${name#"$before"}
		names+=("${name%% *}")
	done <<<"$3"
	_portclass_offer "$(printf '%s\n' "${names[@]}")" "$2"
}

_portclass() {
	local program=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]}
	local words=() word commands table value

	COMPREPLY=()
	commands=$("$program" help words 2>/dev/null) || return
	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		[[ $word == -* ]] || words+=("$word")
	done
	if [ "${words[0]-}" = help ]; then
		_portclass_offer_command "${words[*]:1}" "$current" "$(grep -v ^- <<<"$commands")"
		return
	fi
	_portclass_offer_command "${words[*]}" "$current" "$commands"
	[ ${#words[@]} -gt 0 ] || return
	table=$("$program" help words "${words[@]}" 2>/dev/null) || return
	value=$(_portclass_value "${words[-1]}" <<<"$table")
	if [ ${#words[@]} -gt 1 ] && [ -n "$value" ] && [ "$value" != - ]; then
		_portclass_offer_value "$value" "$current"
		return
	fi
	value=$(_portclass_value - <<<"$table" | head -1)
	_portclass_offer_value "$value" "$current"
	_portclass_offer "$(cut -f1 <<<"$table" | grep -v '^-$')" "$current"
}

complete -F _portclass portclass
