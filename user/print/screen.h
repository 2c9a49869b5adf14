/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The whole terminal, redrawn in place (ncurses).
 */
#ifndef PORTCLASS_SCREEN_H
#define PORTCLASS_SCREEN_H

#define SCREEN_WIDTH 80 /* the columns that screen_draw() shows */

/* Returns 0 or OUTCOME_REFUSED, said. Close it before anything is said on stderr. */
int screen_open(void);
void screen_close(void);

/* How many lines it has now; it may be resized at any time. */
int screen_lines(void);

/* Show text of many lines, with the SGR escapes that format_text() writes. */
void screen_draw(const char *text);

enum screen_wish {
	SCREEN_WISH_NONE,
	SCREEN_WISH_REDRAW, /* it was resized */
	SCREEN_WISH_END,    /* q was pressed */
};

/* What has come from the keyboard; does not wait. */
enum screen_wish screen_wish(void);

#endif
