#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# What style has to say of a file as such: its licence, its name, its length and
# that of its functions. A function is what stands between { and } in column one.
#
# usage: tests/shape.sh FILE...
set -euo pipefail

FUNCTION_MOST=80
FUNCTION_SMELL=60
FILE_MOST=600

refused=0
refuse() {
	echo "$*"
	refused=1
}

check_functions() {
	awk -v most="$FUNCTION_MOST" -v smell="$FUNCTION_SMELL" '
	/^[a-z].*\(/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
	/^\{$/ { start = FNR }
	/^\}$/ && start {
		lines = FNR - start - 1
		if (lines > smell)
			print FILENAME ":" start ": " name "() has " lines " lines" \
				(lines > most ? ", more than " most : ": a smell, split it")
		refused = refused || lines > most
		start = 0
	}
	END { exit refused }' "$1"
}

for file in "$@"; do
	head -n 3 "$file" | grep -q 'SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only' ||
		refuse "$file: names no licence in its first lines"
	case ${file##*/} in
	util* | common* | misc* | helpers*) refuse "$file: one file, one noun; whose is this?" ;;
	*.[ch])
		[ "$(wc -l <"$file")" -le "$FILE_MOST" ] || refuse "$file: more than $FILE_MOST lines"
		check_functions "$file" || refused=1
		;;
	esac
done
exit "$refused"
