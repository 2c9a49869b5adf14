/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The columns of IANA's registry where a header names them: which is which.
 */
#ifndef PORTCLASS_COLUMNS_H
#define PORTCLASS_COLUMNS_H

#include "reader.h"

#define COLUMNS_KNOWN	     11
#define COLUMNS_MISSING_SIZE 64 /* of the words that say which are not there */

struct columns {
	unsigned int index[COLUMNS_KNOWN]; /* of each in the file; UINT_MAX: not there */
	unsigned int count;		   /* of the header */
	unsigned int needed;		   /* cells that hold all the needed columns */
};

/* Begin with a header that has no columns yet. */
void columns_start(struct columns *columns);

/* The next column of the header. */
void columns_add(struct columns *columns, const char *name);

/* "Port Number, no Transport Protocol"; empty: all that are needed are there. */
void columns_missing(const struct columns *columns, char text[COLUMNS_MISSING_SIZE]);

/* Put a cell of that index, from 0, where it belongs. */
void columns_set(const struct columns *columns, unsigned int index, struct cells *cells,
		 const char *cell);

/* Whether the first @size bytes of @name name a column that is needed. */
bool columns_is_needed(const char *name, size_t size);

#endif
