// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Columns known by their names, in any order and any case, unknown ones between them.
 */
#include "columns.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct column {
	const char *name;
	size_t member; /* of struct cells */
	bool needed;
} known[COLUMNS_KNOWN] = {
	{ "Service Name", offsetof(struct cells, service), true },
	{ "Port Number", offsetof(struct cells, port), true },
	{ "Transport Protocol", offsetof(struct cells, transport), true },
	{ "Description", offsetof(struct cells, description), false },
	{ "Registration Date", offsetof(struct cells, registered), false },
	{ "Modification Date", offsetof(struct cells, modified), false },
	{ "Reference", offsetof(struct cells, reference), false },
	{ "Service Code", offsetof(struct cells, service_code), false },
	{ "Unauthorized Use Reported", offsetof(struct cells, unauthorized_use), false },
	/* the name of the same column until 2018 */
	{ "Known Unauthorized Uses", offsetof(struct cells, unauthorized_use), false },
	{ "Assignment Notes", offsetof(struct cells, notes), false },
};

void columns_start(struct columns *columns)
{
	*columns = (struct columns){ .count = 0 };
	memset(columns->index, 0xff, sizeof(columns->index));
}

void columns_add(struct columns *columns, const char *name)
{
	unsigned int index = columns->count++;

	for (size_t i = 0; i < COLUMNS_KNOWN; i++) {
		if (strcasecmp(known[i].name, name) || columns->index[i] != UINT_MAX)
			continue;
		columns->index[i] = index;
		if (known[i].needed)
			columns->needed = index + 1;
	}
}

void columns_missing(const struct columns *columns, char text[COLUMNS_MISSING_SIZE])
{
	size_t size = 0;

	*text = '\0';
	for (size_t i = 0; i < COLUMNS_KNOWN; i++)
		if (known[i].needed && columns->index[i] == UINT_MAX)
			size += (size_t)snprintf(text + size, COLUMNS_MISSING_SIZE - size, "%s%s",
						 size ? ", no " : "", known[i].name);
}

void columns_set(const struct columns *columns, unsigned int index, struct cells *cells,
		 const char *cell)
{
	for (size_t i = 0; i < COLUMNS_KNOWN; i++)
		if (columns->index[i] == index)
			*(const char **)((char *)cells + known[i].member) = cell;
}

bool columns_is_needed(const char *name, size_t size)
{
	for (size_t i = 0; i < COLUMNS_KNOWN; i++)
		if (known[i].needed && strlen(known[i].name) == size &&
		    !strncasecmp(known[i].name, name, size))
			return true;
	return false;
}
