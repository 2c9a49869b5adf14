// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * portclass registry stats: the figures of a registry file. Needs no root.
 */
#include "cli/command.h"
#include "base/json.h"
#include "statistics.h"
#include "model/table.h"
#include "text.h"

struct stats {
	const char *file;
	const char *format;
};

static const struct argument arguments[] = {
	{ ARGUMENT_WORD, NULL, "FILE", "the registry", .offset = offsetof(struct stats, file),
	  .required = true },
	{ ARGUMENT_WORD, "format", "FORMAT", "of it, not told from its content",
	  .offset = offsetof(struct stats, format), .choice = table_format, .choices = UINT_MAX },
	{ .kind = ARGUMENT_END },
};

/* clang-format off */
#define FIGURE(name) { #name, offsetof(struct registry_statistics, name) }
#define FIGURE_OF(name, index, transport) \
	{ #name "_" transport, offsetof(struct registry_statistics, name[index]) }
#define FIGURES(name) \
	FIGURE_OF(name, TRANSPORT_TCP, "tcp"), FIGURE_OF(name, TRANSPORT_UDP, "udp"), \
	FIGURE_OF(name, TRANSPORT_SCTP, "sctp"), FIGURE_OF(name, TRANSPORT_DCCP, "dccp")
/* clang-format on */

/* The name is the member's of the JSON; text shows blanks for its underscores. */
static const struct figure {
	const char *name;
	size_t offset;
} figures[] = {
	FIGURE(records),
	FIGURE(multi_line_records),
	FIGURES(transports),
	FIGURE(without_transport),
	FIGURE(single_ports),
	FIGURE(port_ranges),
	FIGURE(without_port),
	FIGURE(reversed_ranges),
	FIGURE(crossing_ranges),
	FIGURE(dynamic_records),
	FIGURE(unlisted_ports),
	FIGURE(named_with_port),
	FIGURES(named_ports),
	FIGURE(named_ports_without_transport),
	FIGURE(named_ports_read),
	FIGURE(names),
	FIGURE(names_with_port),
	FIGURE(longest_name),
	FIGURE(alias_records),
	FIGURE(shared_ports),
	FIGURE(shared_ports_unmarked),
	FIGURE(invalid_names),
	FIGURE(invalid_name_records),
	FIGURE(nameless_with_transport),
	FIGURE(nameless_without_transport),
	FIGURE(unassigned),
	FIGURE(reserved),
	FIGURE(reserved_twins),
	FIGURE(free_form),
};

static size_t value_of(const struct registry_statistics *statistics, const struct figure *figure)
{
	return *(const size_t *)((const char *)statistics + figure->offset);
}

static void write_label(const char *name)
{
	int width = 32;

	for (; *name; name++, width--)
		putchar(*name == '_' ? ' ' : *name);
	printf("%*s", width, "");
}

static void write_stats(const struct registry *registry,
			const struct registry_statistics *statistics)
{
	text_put(stdout, registry->path);
	printf(": %s%s%s, %u lines", registry->format,
	       registry->date[0] ? (registry->date_is_lower_bound ? ", not before " : ", of ") : "",
	       registry->date, statistics->lines);
	if (statistics->columns)
		printf(" of %u columns", statistics->columns);
	putchar('\n');
	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
		write_label(figures[i].name);
		printf("%8zu\n", value_of(statistics, &figures[i]));
	}
}

static void write_stats_json(const struct registry *registry,
			     const struct registry_statistics *statistics, bool pretty)
{
	struct json json;

	json_begin(&json, stdout, pretty);
	json_open_object(&json, NULL);
	json_string(&json, "file", registry->path);
	json_string(&json, "format", registry->format);
	json_string_or_null(&json, "date", registry->date);
	json_boolean(&json, "date_is_lower_bound", registry->date_is_lower_bound);
	json_hash(&json, "sha256", registry->sha256);
	json_number(&json, "lines", statistics->lines);
	json_number(&json, "columns", statistics->columns);
	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		json_number(&json, figures[i].name, value_of(statistics, &figures[i]));
	json_close_object(&json);
	json_end(&json);
}

static int run(const struct options *options, int argc, char **argv)
{
	struct stats stats = { 0 };
	struct registry_statistics statistics;
	struct table_arguments source = TABLE_ARGUMENTS_DEFAULT;
	struct table table = { 0 };
	int err = arguments_parse(cmd_registry_stats.name, arguments, argc, argv, &stats);

	source.registry = stats.file;
	source.format = stats.format;
	if (!err)
		err = table_open(&table, &source);
	if (!err)
		err = statistics_compute(&statistics, &table.registry);
	if (!err && options->json)
		write_stats_json(&table.registry, &statistics, options->pretty);
	else if (!err)
		write_stats(&table.registry, &statistics);
	table_close(&table);
	return err;
}

const struct command cmd_registry_stats = {
	.name = "registry stats",
	.help = "the figures of a registry file",
	.arguments = arguments,
	.run = run,
};
