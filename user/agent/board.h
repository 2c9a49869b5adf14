/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the two threads of the agent leave for each other. One looks after interfaces, files
 * and counters, which can take its time; the other serves, which must not. The first puts up
 * what there is to serve, the second what is asked for; both hold the lock for moments.
 */
#ifndef PORTCLASS_BOARD_H
#define PORTCLASS_BOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "model/table.h"
#include "print/output.h"

struct board;
struct evbuffer;
struct http_body;

/* 0 or -errno, not said. */
int board_open(struct board **opened);

/* When nobody uses it any more. NULL is fine. */
void board_close(struct board *board);

/*
 * Of the thread that serves.
 */

/* A descriptor that can be read when something was put up, until board_hear_news(). */
int board_news(const struct board *board);
void board_hear_news(struct board *board);

enum board_answer {
	BOARD_HAS,   /* what was asked for */
	BOARD_WAITS, /* for it: it is wished for now, and there will be news */
	BOARD_FAILED,
};

/*
 * The last print of @output if it is fresh, or @any that is not older than the last wish:
 * held for the caller.
 */
enum board_answer board_take(struct board *board, const struct output *output, bool any,
			     struct http_body **body);

/* Add what was said of being ready; whether it is. */
bool board_ready(struct board *board, struct evbuffer *to);

/* Whether the other thread goes round its loop. */
bool board_is_alive(const struct board *board);

/* The table, which stays until it is given back; NULL: there is none, to be given back too. */
const struct table *board_borrow_table(struct board *board);
void board_return_table(struct board *board);

/* Whether the agent ends. */
bool board_ends(struct board *board);

/*
 * Of the thread that reads.
 */

/* A descriptor that can be read when something was wished for, until board_hear_wishes(). */
int board_wishes(const struct board *board);
void board_hear_wishes(struct board *board);

bool board_wants(struct board *board, const struct output *output);

/*
 * Put up a print, whose holder is the board then, fresh until @until, ns of CLOCK_MONOTONIC.
 * NULL: it could not be made.
 */
void board_put(struct board *board, const struct output *output, struct http_body *body,
	       uint64_t until);

/* No print is fresh any more. */
void board_expire(struct board *board);

/* @text becomes the board's, to be freed. */
void board_put_ready(struct board *board, bool ready, char *text);

/* The table stays the caller's; when this returns, nobody has the one before any more. */
void board_put_table(struct board *board, const struct table *table);

/* To be called every few seconds: it goes round its loop. */
void board_beat(struct board *board);

void board_end(struct board *board);

#endif
