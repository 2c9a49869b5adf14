/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The lines of the text table, and how wide each of its columns is.
 */
#ifndef PORTCLASS_SHEET_H
#define PORTCLASS_SHEET_H

#include "print/format.h"
#include "text.h"
#include "base/port_range.h"
#include "base/quantity.h"

#define SHEET_WIDTH 80
#define SHEET_GAP   2 /* between columns */
#define SHARE_WIDTH 6 /* 100.0% */
#define SIDE_WIDTH  4 /* from */

enum line_kind {
	LINE_SERVICE,
	LINE_RETIRED, /* a service that the table in use lacks */
	LINE_NAMELESS,
	LINE_OMITTED, /* the sum of those that the limit left out */
	LINE_CLASS,
	LINE_REASON,
	LINE_TOTAL,
};

/* From LINE_CLASS on there are no sides: only traffic.from counts. */
struct line {
	enum line_kind kind;
	char name[TEXT_SHOWN_SIZE(SERVICE_SIZE)]; /* printable ASCII */
	char port[PORT_RANGE_SIZE + sizeof("/sctp retired")];
	struct traffic traffic;
};

enum sheet_number { TO_PACKETS, TO_BYTES, FROM_PACKETS, FROM_BYTES, SHEET_NUMBERS };

/* One direction of a snapshot. A zeroed one is closed. */
struct sheet {
	const struct snapshot *snapshot;
	const struct format_options *options;
	enum direction direction;
	struct line *lines; /* owned; services first, then the sums */
	size_t services;
	size_t count;
	struct counter total;
	bool shares;				/* the total is one that parts can be shares of */
	int name, port, numbers[SHEET_NUMBERS]; /* widths */
	int share, bar;				/* widths too; 0: no room for it */
	bool stacked;				/* a line for each side, in the last two numbers */
};

/* Returns 0 or -ENOMEM. */
int sheet_open(struct sheet *sheet, const struct snapshot *snapshot, enum direction direction,
	       const struct format_options *options);

void sheet_close(struct sheet *sheet);

/* Lines that it takes on paper: head, rules and heads of columns included. */
unsigned int sheet_lines(const struct sheet *sheet);

/* A counter, or its rate, as the options want it; returns @text of QUANTITY_SIZE. */
char *sheet_number(const struct sheet *sheet, char *text, uint64_t number);

#endif
