/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What registry.c and the readers of each format share; nobody else includes it.
 */
#ifndef PORTCLASS_READER_H
#define PORTCLASS_READER_H

#include "registry.h"

/*
 * Input of a reader: all of a file, without a byte order mark, its lines ended by LF
 * alone; a NUL stands behind it and nowhere else. read() may write over the bytes, recognise() not.
 */
struct source {
	char *bytes;
	size_t size;
	struct diagnostics *diagnostics;
};

/* One format. Readers return 0, -EBADMSG (refused and said) or -ENOMEM. */
struct format {
	const char *name;
	bool (*recognise)(const struct source *source);
	int (*read)(struct registry *registry, const struct source *source);
};

extern const struct format format_csv, format_xml, format_html, format_pipe_table,
	format_plain_text, format_services;

/* The cells of a row as the file has them; NULL is an empty one. */
struct cells {
	unsigned int line;
	unsigned int lines;
	const char *service;
	const char *port;      /* "80", "6000-6063", empty */
	const char *transport; /* "tcp", "tcp/udp", empty */
	const char *aliases;
	const char *description;
	const char *reference;
	const char *service_code;
	const char *unauthorized_use;
	const char *notes;
	const char *registered; /* dates: YYYY-MM-DD, or less of it */
	const char *modified;
};

/*
 * Set the one that @cell seems to be, of those behind name, port and transport: people are
 * [Like_This], RFCs [RFC9110].
 */
void cells_set_by_shape(struct cells *cells, const char *cell);

/*
 * Check the cells of a row and append its record; the strings are copied. A row
 * that can't be kept is warned of and left out; one that makes the file
 * unusable is refused: -EBADMSG.
 */
int record_append(struct registry *registry, const struct cells *cells,
		  struct diagnostics *diagnostics);

#endif
