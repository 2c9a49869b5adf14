// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * One lock for what is put up, one for the table, which is looked into for longer.
 */
#include "agent/board.h"

#include <errno.h>
#include <event2/buffer.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/moment.h"
#include "http/http_body.h"

/* No step that the other thread takes lasts as long, but on a machine that hangs. */
#define SILENCE_MOST (60 * NANOSECONDS)

#define OUTPUT_ONE(word) +1
#define OUTPUTS_COUNT	 (OUTPUTS(OUTPUT_ONE))

struct print {
	struct http_body *body; /* held; NULL: it failed, or never was */
	uint64_t until;		/* ns of CLOCK_MONOTONIC; it is fresh till then */
	bool put;		/* once at least */
	bool wanted;		/* since it was put up */
};

struct board {
	pthread_mutex_t lock;
	int news, wishes; /* eventfd(2) */
	struct print prints[OUTPUTS_COUNT];
	bool ready, ends;
	char *text;    /* of being ready, owned */
	uint64_t beat; /* ns of CLOCK_MONOTONIC; atomic */
	pthread_mutex_t table_lock;
	const struct table *table;
};

int board_open(struct board **opened)
{
	struct board *board = calloc(1, sizeof(*board));

	*opened = NULL;
	if (!board)
		return -ENOMEM;
	pthread_mutex_init(&board->lock, NULL);
	pthread_mutex_init(&board->table_lock, NULL);
	board->news = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	board->wishes = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	board_beat(board);
	if (board->news < 0 || board->wishes < 0) {
		int err = -errno;

		board_close(board);
		return err;
	}
	*opened = board;
	return 0;
}

void board_close(struct board *board)
{
	if (!board)
		return;
	for (size_t i = 0; i < OUTPUTS_COUNT; i++)
		http_body_drop(board->prints[i].body);
	if (board->news >= 0)
		close(board->news);
	if (board->wishes >= 0)
		close(board->wishes);
	pthread_mutex_destroy(&board->lock);
	pthread_mutex_destroy(&board->table_lock);
	free(board->text);
	free(board);
}

static void signal_to(int descriptor)
{
	eventfd_write(descriptor, 1);
}

static void hear(int descriptor)
{
	eventfd_t count;

	eventfd_read(descriptor, &count);
}

int board_news(const struct board *board)
{
	return board->news;
}

void board_hear_news(struct board *board)
{
	hear(board->news);
}

int board_wishes(const struct board *board)
{
	return board->wishes;
}

void board_hear_wishes(struct board *board)
{
	hear(board->wishes);
}

static struct print *print_of(struct board *board, const struct output *output)
{
	size_t i = 0;

	while (outputs[i] != output)
		i++;
	return &board->prints[i];
}

static enum board_answer look(struct board *board, struct print *print, bool any,
			      struct http_body **body)
{
	if (print->wanted)
		return BOARD_WAITS;
	if (!print->put || (!any && clock_monotonic() >= print->until)) {
		print->wanted = true;
		signal_to(board->wishes);
		return BOARD_WAITS;
	}
	if (!print->body)
		return BOARD_FAILED;
	*body = http_body_keep(print->body);
	return BOARD_HAS;
}

enum board_answer board_take(struct board *board, const struct output *output, bool any,
			     struct http_body **body)
{
	enum board_answer answer;

	pthread_mutex_lock(&board->lock);
	answer = look(board, print_of(board, output), any, body);
	pthread_mutex_unlock(&board->lock);
	return answer;
}

bool board_ready(struct board *board, struct evbuffer *to)
{
	bool ready;

	pthread_mutex_lock(&board->lock);
	ready = board->ready;
	if (board->text)
		evbuffer_add(to, board->text, strlen(board->text));
	pthread_mutex_unlock(&board->lock);
	return ready;
}

bool board_is_alive(const struct board *board)
{
	uint64_t beat = __atomic_load_n(&board->beat, __ATOMIC_RELAXED);

	return clock_monotonic() < beat + SILENCE_MOST;
}

const struct table *board_borrow_table(struct board *board)
{
	pthread_mutex_lock(&board->table_lock);
	return board->table;
}

void board_return_table(struct board *board)
{
	pthread_mutex_unlock(&board->table_lock);
}

bool board_ends(struct board *board)
{
	bool ends;

	pthread_mutex_lock(&board->lock);
	ends = board->ends;
	pthread_mutex_unlock(&board->lock);
	return ends;
}

bool board_wants(struct board *board, const struct output *output)
{
	bool wanted;

	pthread_mutex_lock(&board->lock);
	wanted = print_of(board, output)->wanted;
	pthread_mutex_unlock(&board->lock);
	return wanted;
}

void board_put(struct board *board, const struct output *output, struct http_body *body,
	       uint64_t until)
{
	struct print *print = print_of(board, output);
	struct http_body *before;

	pthread_mutex_lock(&board->lock);
	before = print->body;
	*print = (struct print){ .body = body, .until = until, .put = true };
	pthread_mutex_unlock(&board->lock);
	http_body_drop(before);
	signal_to(board->news);
}

void board_expire(struct board *board)
{
	pthread_mutex_lock(&board->lock);
	for (size_t i = 0; i < OUTPUTS_COUNT; i++)
		board->prints[i].until = 0;
	pthread_mutex_unlock(&board->lock);
}

void board_put_ready(struct board *board, bool ready, char *text)
{
	char *before;

	pthread_mutex_lock(&board->lock);
	before = board->text;
	board->ready = ready;
	board->text = text;
	pthread_mutex_unlock(&board->lock);
	free(before);
}

void board_put_table(struct board *board, const struct table *table)
{
	pthread_mutex_lock(&board->table_lock);
	board->table = table;
	pthread_mutex_unlock(&board->table_lock);
}

void board_beat(struct board *board)
{
	__atomic_store_n(&board->beat, clock_monotonic(), __ATOMIC_RELAXED);
}

void board_end(struct board *board)
{
	pthread_mutex_lock(&board->lock);
	board->ends = true;
	pthread_mutex_unlock(&board->lock);
	signal_to(board->news);
}
