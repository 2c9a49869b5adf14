// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * portclass registry diff: from one registry to another. Needs no root.
 */
#include "cli/command.h"
#include "difference.h"
#include "base/json.h"
#include "model/table.h"
#include "text.h"

struct diff {
	const char *old;
	const char *new;
};

static const struct argument arguments[] = {
	{ ARGUMENT_WORD, NULL, "OLD", "the registry before", .offset = offsetof(struct diff, old),
	  .required = true },
	{ ARGUMENT_WORD, NULL, "NEW", "the registry after", .offset = offsetof(struct diff, new),
	  .required = true },
	{ .kind = ARGUMENT_END },
};

static void write_assignment(const struct assignment *assignment)
{
	text_put(stdout,
		 assignment->service[0] ? assignment->service : status_name(assignment->status));
	if (!assignment->aliases[0])
		return;
	fputs(" (also ", stdout);
	text_put(stdout, assignment->aliases);
	putchar(')');
}

static void write_change(const struct change *change)
{
	static const char signs[CHANGE_MAX] = {
		[CHANGE_ADDED] = '+', [CHANGE_REMOVED] = '-', [CHANGE_CHANGED] = '~'
	};
	char ports[PORT_RANGE_SIZE];

	printf("%c %s/%s  ", signs[change->kind],
	       port_range_write(ports, change->first, change->last),
	       transport_name(change->transport));
	write_assignment(change->before);
	fputs(" -> ", stdout);
	write_assignment(change->after);
	putchar('\n');
}

static void write_difference(const struct difference *difference)
{
	size_t counts[CHANGE_MAX] = { 0 };

	for (size_t i = 0; i < difference->count; i++) {
		write_change(&difference->changes[i]);
		counts[difference->changes[i].kind]++;
	}
	for (enum change_kind kind = 0; kind < CHANGE_MAX; kind++)
		printf("%s%zu %s", kind ? ", " : "", counts[kind], change_kind_name(kind));
	putchar('\n');
}

static void write_side(struct json *json, const char *key, const struct assignment *assignment)
{
	json_open_object(json, key);
	json_string(json, "service", assignment->service);
	json_string(json, "status", status_name(assignment->status));
	json_words(json, "aliases", assignment->aliases);
	json_close_object(json);
}

static void write_difference_json(const struct difference *difference, bool pretty)
{
	struct json json;

	json_begin(&json, stdout, pretty);
	json_open_array(&json, NULL);
	for (size_t i = 0; i < difference->count; i++) {
		const struct change *change = &difference->changes[i];

		json_open_object(&json, NULL);
		json_string(&json, "change", change_kind_name(change->kind));
		json_string(&json, "transport", transport_name(change->transport));
		json_number(&json, "first", change->first);
		json_number(&json, "last", change->last);
		write_side(&json, "before", change->before);
		write_side(&json, "after", change->after);
		json_close_object(&json);
	}
	json_close_array(&json);
	json_end(&json);
}

static int open_file(struct table *table, const char *file)
{
	struct table_arguments source = TABLE_ARGUMENTS_DEFAULT;

	source.registry = file;
	return table_open(table, &source);
}

static int run(const struct options *options, int argc, char **argv)
{
	struct table before = { 0 }, after = { 0 };
	struct difference difference = { 0 };
	struct diff diff = { 0 };
	int err = arguments_parse(cmd_registry_diff.name, arguments, argc, argv, &diff);

	if (!err)
		err = open_file(&before, diff.old);
	if (!err)
		err = open_file(&after, diff.new);
	if (!err)
		err = difference_open(&difference, before.ports, after.ports);
	if (!err && options->json)
		write_difference_json(&difference, options->pretty);
	else if (!err)
		write_difference(&difference);
	difference_close(&difference);
	table_close(&after);
	table_close(&before);
	return err;
}

const struct command cmd_registry_diff = {
	.name = "registry diff",
	.help = "what changes from one registry to another",
	.arguments = arguments,
	.run = run,
};
