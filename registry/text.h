/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Text out of files that anybody may have written.
 */
#ifndef PORTCLASS_TEXT_H
#define PORTCLASS_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Copy @from to @to as one line that is safe to print: well-formed UTF-8,
 * control characters and runs of blanks become one blank, none at the ends. @to
 * needs as much room as @from and may be @from. Returns the length.
 */
size_t text_tidy(char *to, const char *from);

/*
 * Make @text safe to print, in place: every control character but a line feed, and
 * what is no UTF-8, becomes a question mark.
 */
void text_defuse(char *text);

/* Bytes of the character at the start of @text, 1 for its end; 0: it is no UTF-8. */
size_t text_character_size(const char *text);

/* Whether @text is YYYY-MM-DD, YYYY-MM or YYYY. */
bool text_is_date(const char *text);

/* Whether @text is digits and nothing else. */
bool text_is_number(const char *text);

#endif
