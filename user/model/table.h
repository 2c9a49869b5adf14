/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The port table that `registry`, `overlay`, `format` and `ephemeral` ask for:
 * the files read, the table compiled, what is wrong with them said on stderr.
 */
#ifndef PORTCLASS_TABLE_H
#define PORTCLASS_TABLE_H

#include <limits.h>

#include "base/arguments.h"
#include "port_table.h"

struct table_arguments {
	const char *registry; /* NULL: the shipped one */
	const char *format;   /* of registry; NULL: by its content */
	struct words overlays;
	struct port_range ephemeral;
	bool strict;	    /* a file with errors or warnings is refused */
	bool regular_files; /* and no others: for who must not wait for a pipe */
};

#define TABLE_ARGUMENTS_DEFAULT \
	{ \
		.ephemeral = { EPHEMERAL_FIRST_DEFAULT, EPHEMERAL_LAST_DEFAULT } \
	}

/* The rows of a command whose struct @type has them as its @member. */
#define TABLE_ARGUMENTS(type, member) \
	{ ARGUMENT_WORD, "registry", "FILE", "another registry than the shipped one", \
	  .offset = offsetof(type, member.registry) }, \
		{ ARGUMENT_WORD, \
		  "format", \
		  "FORMAT", \
		  "of that registry, not told from its content", \
		  .offset = offsetof(type, member.format), \
		  .choice = table_format, \
		  .choices = UINT_MAX }, \
		{ ARGUMENT_WORDS, "overlay", "FILE", \
		  "names that win over the registry's; the last file wins", \
		  .offset = offsetof(type, member.overlays) }, \
		{ ARGUMENT_FLAG, "strict", NULL, "refuse files with errors or warnings", \
		  .offset = offsetof(type, member.strict) }, \
	{ \
		ARGUMENT_PORTS, "ephemeral", "A-B", "the ports that clients take for themselves", \
			.offset = offsetof(type, member.ephemeral) \
	}

/* A zeroed one is closed. */
struct table {
	struct registry registry;
	struct registry *overlays;
	struct port_table_input input; /* points at the two above */
	struct port_table *ports;
};

/*
 * Read and compile. Returns 0, OUTCOME_BAD_REGISTRY for any file that can't be read or
 * used, OUTCOME_USAGE or -errno, said; then @table is closed.
 */
int table_open(struct table *table, const struct table_arguments *arguments);

void table_close(struct table *table);

/* Whether the arguments ask for just what the object file holds already. */
bool table_is_shipped(const struct table_arguments *arguments);

/* "FILE:LINE: warning: MESSAGE" and a line end. */
void table_write_diagnostic(FILE *to, const struct diagnostic *diagnostic);

/* The registry formats, as choices of an argument. */
const char *table_format(unsigned int index);

#endif
