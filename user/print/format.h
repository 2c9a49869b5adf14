/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Snapshots as text for people and as JSON. Text may change; JSON may only grow.
 */
#ifndef PORTCLASS_FORMAT_H
#define PORTCLASS_FORMAT_H

#include <stdbool.h>
#include <stdio.h>

#include "model/ranking.h"
#include "model/snapshot.h"

struct format_options {
	struct ranking_options ranking; /* which services, and in which order */
	uint64_t interval;		/* ns: a difference, shown per second; 0: as counted */
	unsigned int lines;		/* of text at most, as far as services go; 0: all */
	bool exact;			/* numbers in full */
	bool pretty;			/* JSON for eyes */
	bool timestamp;			/* JSON says when the counters were read */
	bool colour;			/* what a terminal may get: SGR escapes */
	bool unicode;			/* and block characters */
};

/* At most 80 columns wide, whatever the numbers and names. 0 or -ENOMEM. */
int format_text(FILE *to, const struct snapshot *snapshot, const struct format_options *options);

struct json;

/* An object, as document or element. 0 or -ENOMEM; then nothing was written. */
int format_json(struct json *json, const struct snapshot *snapshot,
		const struct format_options *options);

#endif
