// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Each outcome's exit status and words.
 */
#include "base/outcome.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

static const struct row {
	int err;
	enum exit_status status;
	const char *words; /* NULL: strerror(3) has them */
} rows[] = {
	{ OUTCOME_DONE, EXIT_DONE, "done" },
	{ OUTCOME_USAGE, EXIT_USAGE, "the command line or the settings are wrong" },
	{ OUTCOME_REFUSED, EXIT_REFUSED, "the kernel or the system lacks it" },
	{ OUTCOME_FOREIGN, EXIT_REFUSED, "not of portclass, or of another version of it" },
	{ OUTCOME_NO_ROOM, EXIT_REFUSED, "no room is left" },
	{ OUTCOME_NOT_ATTACHED, EXIT_NOTHING, "not attached" },
	{ OUTCOME_NO_INTERFACE, EXIT_NOTHING, "no such interface" },
	{ OUTCOME_NOT_FOUND, EXIT_NOTHING, "not found" },
	{ OUTCOME_BUSY, EXIT_BUSY, "in use" },
	{ OUTCOME_NOT_PERMITTED, EXIT_PERMISSION, "a permission is missing" },
	{ OUTCOME_BAD_REGISTRY, EXIT_BAD_REGISTRY, "the registry or an overlay can't be used" },
	{ -EPERM, EXIT_PERMISSION, NULL },
	{ -EACCES, EXIT_PERMISSION, NULL },
};

/* NULL: any other errno. */
static const struct row *find(int err)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].err == err)
			return &rows[i];
	return NULL;
}

enum exit_status outcome_status(int err)
{
	const struct row *row = find(err);

	return row ? row->status : EXIT_REFUSED;
}

const char *outcome_words(int err)
{
	const struct row *row = find(err);

	return row && row->words ? row->words : strerror(-err);
}
