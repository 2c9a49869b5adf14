// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Diagnostics kept, so that a test can say what it expects of them.
 */
#include "collect.h"

#include <stdio.h>
#include <string.h>

static void keep(void *context, const struct diagnostic *diagnostic)
{
	struct collect *collect = context;
	struct collected *item;

	if (collect->count++ >= COLLECT_MAX)
		return;
	item = &collect->items[collect->count - 1];
	item->severity = diagnostic->severity;
	item->line = diagnostic->line;
	snprintf(item->file, sizeof(item->file), "%s", diagnostic->file);
	snprintf(item->message, sizeof(item->message), "%s", diagnostic->message);
}

static size_t kept(const struct collect *collect)
{
	return collect->count < COLLECT_MAX ? collect->count : COLLECT_MAX;
}

void collect_start(struct collect *collect)
{
	*collect = (struct collect){ .diagnostics = { .report = keep, .context = collect } };
}

bool collect_has(const struct collect *collect, enum severity severity, unsigned int line,
		 const char *words)
{
	for (size_t i = 0; i < kept(collect); i++)
		if (collect->items[i].severity == severity && collect->items[i].line == line &&
		    strstr(collect->items[i].message, words))
			return true;
	return false;
}

void collect_print(const struct collect *collect)
{
	static const char *const severities[] = { "warning", "error" };

	for (size_t i = 0; i < kept(collect); i++)
		fprintf(stderr, "%s:%u: %s: %s\n", collect->items[i].file, collect->items[i].line,
			severities[collect->items[i].severity], collect->items[i].message);
}

int collect_parse(struct collect *collect, struct registry *registry, const char *format,
		  const char *text)
{
	collect_start(collect);
	return registry_parse(registry, "test", text, strlen(text), format, &collect->diagnostics);
}
