/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Diagnostics kept, so that a test can say what it expects of them.
 */
#ifndef PORTCLASS_COLLECT_H
#define PORTCLASS_COLLECT_H

#include <stdbool.h>

#include "registry.h"

#define COLLECT_MAX 16

struct collected {
	enum severity severity;
	unsigned int line;
	char file[64];
	char message[256];
};

/* All zero but for what collect_start() sets; those beyond the first are counted. */
struct collect {
	struct diagnostics diagnostics;
	struct collected items[COLLECT_MAX];
	size_t count;
};

void collect_start(struct collect *collect);

/* Whether one of them has this severity and line, and @words in its message. */
bool collect_has(const struct collect *collect, enum severity severity, unsigned int line,
		 const char *words);

/* Print them on stderr, before a test fails. */
void collect_print(const struct collect *collect);

/* Start, and parse @text as the file "test"; @format may be NULL. */
int collect_parse(struct collect *collect, struct registry *registry, const char *format,
		  const char *text);

#endif
