/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The page that the agent serves at /, embedded.
 */
#ifndef PORTCLASS_PAGE_H
#define PORTCLASS_PAGE_H

#include <stddef.h>

/* HTML in UTF-8, not terminated. */
const char *page_bytes(void);

size_t page_size(void);

/* What to send with it as Content-Security-Policy. */
const char *page_policy(void);

#endif
