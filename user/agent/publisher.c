// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * A round for each swarm of wishes: read what is older than a second when it begins, then
 * print what is wished for.
 */
#include "agent/publisher.h"

#include <errno.h>
#include <event2/event.h>
#include <malloc.h>
#include <stdlib.h>

#include "agent/node_report.h"
#include "agent/readiness.h"
#include "base/clock.h"
#include "http/http_body.h"

#define INTERVAL NANOSECONDS

/* A print of counters that took long to read is for those who waited, and hardly old. */
#define FRESH_LEAST (NANOSECONDS / 4)

struct publisher {
	struct board *board;
	struct node *node;
	struct event *wishes, *step;
	uint64_t begun; /* ns of CLOCK_MONOTONIC: the round; 0: there is none */
	bool printed;	/* something in it */
};

static const struct output *next_wanted(const struct publisher *publisher)
{
	for (const struct output *const *output = outputs; *output; output++)
		if (board_wants(publisher->board, *output))
			return *output;
	return NULL;
}

/* The next interface to read in this round, or the count of them. */
static size_t next_stale(const struct publisher *publisher)
{
	const struct node *node = publisher->node;
	size_t i = 0;

	while (i < node->count && (!node_is_attached(&node->interfaces[i]) ||
				   node->interfaces[i].read + INTERVAL > publisher->begun))
		i++;
	return i;
}

struct printing {
	const struct output *output;
	const struct report *report;
};

static int print(FILE *to, const void *context)
{
	const struct printing *printing = context;
	const struct format_options options = { 0 };

	return printing->output->write(to, printing->report, &options);
}

static uint64_t fresh_until(const struct publisher *publisher)
{
	uint64_t least = clock_monotonic() + FRESH_LEAST;
	uint64_t until = node_read_first(publisher->node, publisher->begun) + INTERVAL;

	return until > least ? until : least;
}

static void put(const struct publisher *publisher, const struct output *output)
{
	struct report report;
	struct http_body *body = NULL;

	if (!node_report_open(&report, publisher->node))
		body = http_body_make(print, &(struct printing){ output, &report });
	node_report_close(&report);
	board_put(publisher->board, output, body, fresh_until(publisher));
}

static void end_round(struct publisher *publisher)
{
	publisher->begun = 0;
	publisher->printed = false;
}

static void step(struct publisher *publisher)
{
	static const struct timeval at_once = { 0 };
	const struct output *wanted = next_wanted(publisher);
	size_t stale;

	if (!wanted) {
		end_round(publisher);
		malloc_trim(0); /* reading a table takes megabytes for a moment */
		return;
	}
	/* Wishes may never end; what was read for the first of them is old by then. */
	if (publisher->printed && clock_monotonic() >= publisher->begun + INTERVAL)
		end_round(publisher);
	if (!publisher->begun)
		publisher->begun = clock_monotonic();
	stale = next_stale(publisher);
	if (stale < publisher->node->count) {
		node_report_read(&publisher->node->interfaces[stale], publisher->begun);
		publisher->node->reads++;
	} else {
		put(publisher, wanted);
		publisher->printed = true;
	}
	event_add(publisher->step, &at_once);
}

static void on_step(evutil_socket_t descriptor, short what, void *context)
{
	(void)descriptor;
	(void)what;
	step(context);
}

static void on_wishes(evutil_socket_t descriptor, short what, void *context)
{
	struct publisher *publisher = context;

	(void)descriptor;
	(void)what;
	board_hear_wishes(publisher->board);
	if (!publisher->begun)
		step(publisher);
}

int publisher_open(struct publisher **opened, struct event_base *base, struct board *board,
		   struct node *node)
{
	struct publisher *publisher = calloc(1, sizeof(*publisher));

	*opened = NULL;
	if (!publisher)
		return -ENOMEM;
	*publisher = (struct publisher){ .board = board, .node = node };
	publisher->step = evtimer_new(base, on_step, publisher);
	publisher->wishes =
		event_new(base, board_wishes(board), EV_READ | EV_PERSIST, on_wishes, publisher);
	if (!publisher->step || !publisher->wishes || event_add(publisher->wishes, NULL)) {
		publisher_close(publisher);
		return -ENOMEM;
	}
	publisher_note_change(publisher);
	*opened = publisher;
	return 0;
}

void publisher_close(struct publisher *publisher)
{
	if (!publisher)
		return;
	if (publisher->step)
		event_free(publisher->step);
	if (publisher->wishes)
		event_free(publisher->wishes);
	free(publisher);
}

void publisher_note_change(struct publisher *publisher)
{
	char *text = NULL;
	bool ready = readiness_write(&text, publisher->node);

	board_put_ready(publisher->board, ready, text);
	board_expire(publisher->board);
}
