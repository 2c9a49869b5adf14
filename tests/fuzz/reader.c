// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * What is true of every registry that was read, and of one that was refused.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "registry.h"
#include "statistics.h"
#include "text.h"

static void check_diagnostic(void *context, const struct diagnostic *diagnostic)
{
	char shown[4096];

	(void)context;
	fuzz_check(!strcmp(diagnostic->file, "input"));
	fuzz_check(diagnostic->message[0]);
	fuzz_check(fuzz_is_printable(text_show(shown, sizeof(shown), diagnostic->message)));
}

/* One word that a label, a column and a list of aliases can hold. */
static void check_name(const char *name, size_t size)
{
	fuzz_check(size > 0);
	for (size_t i = 0; i < size; i++)
		fuzz_check(name[i] > ' ' && name[i] < 0x7f);
}

static void check_names(const struct record *record)
{
	const char *alias = record->aliases;

	if (*record->service)
		check_name(record->service, strlen(record->service));
	while (*alias) {
		size_t size = strcspn(alias, " ");

		check_name(alias, size);
		alias += size;
		if (*alias)
			fuzz_check(*++alias);
	}
}

static void check_texts(const struct record *record)
{
	const char *const texts[] = {
		record->service,     record->aliases,	record->alias_of,
		record->description, record->reference, record->service_code,
		record->notes,	     record->modified,	record->unauthorized_use,
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		size_t length = strlen(texts[i]);

		fuzz_check(fuzz_is_printable(texts[i]));
		fuzz_check(!length || (texts[i][0] != ' ' && texts[i][length - 1] != ' '));
	}
}

static void check_record(const struct registry *registry, const struct record *record)
{
	fuzz_check(record->registry == registry);
	fuzz_check(record->line && record->lines);
	fuzz_check(record->transports < 1 << TRANSPORT_MAX);
	fuzz_check(record->first <= record->last);
	fuzz_check(record->is_range || record->first == record->last);
	fuzz_check(record->has_port || (!record->is_range && !record->last));
	fuzz_check((record->row == ROW_NAMED) == (*record->service != '\0'));
	fuzz_check(record->row == ROW_NAMED || (record->has_port && *record->description));
	check_names(record);
	check_texts(record);
}

void fuzz_statistics(const struct registry *registry)
{
	struct registry_statistics statistics;
	size_t nameless, named = 0;

	fuzz_check(!statistics_compute(&statistics, registry));
	for (size_t i = 0; i < registry->count; i++)
		named += registry->records[i].row == ROW_NAMED;
	nameless = registry->count - named;
	fuzz_check(statistics.records == registry->count);
	fuzz_check(statistics.single_ports + statistics.port_ranges + statistics.without_port ==
		   registry->count);
	fuzz_check(statistics.unassigned + statistics.reserved + statistics.free_form == nameless);
	fuzz_check(statistics.nameless_with_transport + statistics.nameless_without_transport ==
		   nameless);
	fuzz_check(statistics.names <= named && statistics.names_with_port <= statistics.names);
	fuzz_check(!statistics.reversed_ranges);
	fuzz_check(statistics.named_ports_read <= TRANSPORT_MAX * PORTS_MAX);
	fuzz_check(statistics.shared_ports_unmarked <= statistics.shared_ports);
}

static void check_registry(const struct registry *registry)
{
	unsigned int line = 0;

	fuzz_check(memchr(registry->name, '\0', sizeof(registry->name)));
	fuzz_check(!*registry->date || text_is_date(registry->date));
	for (size_t i = 0; i < registry->count; i++) {
		check_record(registry, &registry->records[i]);
		fuzz_check(registry->records[i].line >= line);
		line = registry->records[i].line;
	}
}

void fuzz_reader(const char *format, const uint8_t *bytes, size_t size)
{
	static const struct registry closed;
	struct diagnostics diagnostics = { .report = check_diagnostic };
	struct registry registry;
	int err = registry_parse(&registry, "input", bytes, size, format, &diagnostics);

	fuzz_check(!err || err == -EBADMSG);
	fuzz_check(!err || diagnostics.errors);
	if (err)
		fuzz_check(!memcmp(&registry, &closed, sizeof(closed)));
	else
		check_registry(&registry);
	registry_close(&registry);
}
