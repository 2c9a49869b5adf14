/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Characters of an HTML page: as they are, or by the names that pages have for them.
 */
#ifndef PORTCLASS_HTML_TEXT_H
#define PORTCLASS_HTML_TEXT_H

#include <stddef.h>

/* How many bytes the character at @at is written with, which is not the end: &amp; takes 5. */
size_t html_text_size(const char *at);

/*
 * Write it to @to, in no more bytes than it takes at @at, which may be the same place or
 * behind it. Returns the end of what was written.
 */
char *html_text_character(char *to, const char *at);

#endif
