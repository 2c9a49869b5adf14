/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Text out of files that anybody may have written.
 */
#ifndef PORTCLASS_TEXT_H
#define PORTCLASS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
 * Copy @from to @to as one line that is safe to print: well-formed UTF-8, all of it
 * visible; control characters and runs of blanks become one blank, none at the ends. @to
 * needs as much room as @from and may be @from. Returns the length.
 */
size_t text_tidy(char *to, const char *from);

/*
 * The one way in which names from outside are printed: of interfaces, services, files. What
 * is no UTF-8, a control character, or has no shape of its own stands as its bytes, \xff, and
 * so does a backslash that would be read as the beginning of such a byte. So two names never
 * look the same, and text_read() has the name again.
 */
#define TEXT_SHOWN_SIZE(size) (4 * (size)) /* of a text of @size bytes, its NUL included */

/* Cut before the first character that has no room. Returns @to. */
char *text_show(char *to, size_t room, const char *from);

/* The same of the next character, which @text is moved behind. Returns the bytes in @shown. */
#define TEXT_NEXT_SIZE (4 * sizeof("\\xff"))
size_t text_show_next(char shown[TEXT_NEXT_SIZE], const char **text);

/* The same, written; false: it was not taken. */
bool text_put(FILE *to, const char *text);

/* What @shown was; false: more than there is room for, or no text. */
bool text_read(char *to, size_t room, const char *shown);

/* text_tidy() of a name, of which no byte but a blank is replaced: it is shown when it is printed.
 */
size_t text_tidy_name(char *to, const char *from);

/* Bytes of the character at the start of @text, 1 for its end; 0: it is no UTF-8. */
size_t text_character_size(const char *text);

/* Whether @text is YYYY-MM-DD, YYYY-MM or YYYY. */
bool text_is_date(const char *text);

/* Whether @text is digits and nothing else. */
bool text_is_number(const char *text);

#endif
