/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What stdout can show: colours and block characters, or neither.
 */
#ifndef PORTCLASS_TERMINAL_H
#define PORTCLASS_TERMINAL_H

#include <stdbool.h>

/* A terminal, and not a dumb one. */
bool terminal_present(void);

/* Such a one, and NO_COLOR (no-color.org) does not forbid it. */
bool terminal_has_colour(void);

/* Such a one, in a UTF-8 locale. */
bool terminal_has_unicode(void);

#endif
