// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The whole terminal, redrawn in place. What is drawn is the caller's text.
 */
#include <locale.h>
#include <ncurses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "print/screen.h"

/* ncurses keeps the screen in globals of its own; this is their one user. */
static SCREEN *screen;

int screen_open(void)
{
	setlocale(LC_CTYPE, ""); /* ncurses asks for it; no name is looked up behind a screen */
	screen = newterm(NULL, stdout, stdin);
	if (!screen)
		return log_say(OUTCOME_REFUSED,
			       "the terminal %s is not known here (try: TERM=xterm)",
			       getenv("TERM"));
	start_color();
	use_default_colors();
	init_pair(1, COLOR_CYAN, -1);
	cbreak();
	noecho();
	nodelay(stdscr, true);
	keypad(stdscr, true);
	curs_set(0);
	return 0;
}

void screen_close(void)
{
	if (!screen)
		return;
	endwin();
	delscreen(screen);
	screen = NULL;
}

int screen_lines(void)
{
	return LINES;
}

/* Take one SGR escape; returns what stands behind it. */
static const char *take_escape(WINDOW *pad, const char *text)
{
	static const struct {
		const char *escape;
		int attributes;
	} table[] = {
		{ "\033[0m", A_NORMAL },
		{ "\033[1m", A_BOLD },
		{ "\033[2m", A_DIM },
		{ "\033[36m", COLOR_PAIR(1) },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		size_t size = strlen(table[i].escape);

		if (strncmp(text, table[i].escape, size) != 0)
			continue;
		wattrset(pad, table[i].attributes);
		return text + size;
	}
	return text + 1;
}

static int count_lines(const char *text)
{
	int lines = 1;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

/* A pad has room for all of the text: what the terminal has not is cut, not wrapped. */
void screen_draw(const char *text)
{
	int lines = count_lines(text);
	WINDOW *pad = newpad(lines < LINES ? LINES : lines, SCREEN_WIDTH + 1);

	if (!pad)
		return;
	while (*text) {
		size_t size = strcspn(text, "\033");

		waddnstr(pad, text, (int)size);
		text += size;
		if (*text)
			text = take_escape(pad, text);
	}
	prefresh(pad, 0, 0, 0, 0, LINES - 1, COLS - 1);
	delwin(pad);
}

enum screen_wish screen_wish(void)
{
	enum screen_wish wish = SCREEN_WISH_NONE;
	int key;

	while ((key = getch()) != ERR) {
		if (key == 'q' || key == 'Q')
			return SCREEN_WISH_END;
		if (key == KEY_RESIZE)
			wish = SCREEN_WISH_REDRAW;
	}
	return wish;
}
