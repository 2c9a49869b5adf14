// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * portclass lookup: what ports and names mean, and who says so. Needs no root.
 */
#include <ctype.h>
#include <string.h>

#include "cli/command.h"
#include "model/finding.h"
#include "base/log.h"
#include "model/table.h"
#include "print/findings_json.h"
#include "text.h"

struct lookup {
	struct words words;
	struct table_arguments table;
};

static const struct argument arguments[] = {
	{ ARGUMENT_WORDS, NULL, "PORT[-PORT][/TRANSPORT]|SERVICE", "what to look up",
	  .offset = offsetof(struct lookup, words), .required = true },
	TABLE_ARGUMENTS(struct lookup, table),
	{ .kind = ARGUMENT_END },
};

static int find(struct findings *findings, const struct port_table *table, const char *word)
{
	const char *fault;
	int err = findings_of_word(findings, table, word, &fault);

	if (err == OUTCOME_USAGE)
		return log_say(err, "%s: %s", word, fault);
	if (err == OUTCOME_NOT_FOUND)
		return log_say(err, "%s: no port, and no service or alias of that name", word);
	return err;
}

/* One row said the same of both, for transports that follow each other. */
static bool is_same(const struct finding *left, const struct finding *right)
{
	return left->record == right->record && left->ports.first == right->ports.first &&
	       left->ports.last == right->ports.last &&
	       left->assignment->status == right->assignment->status &&
	       strcmp(left->assignment->service, right->assignment->service) == 0;
}

/* Cells may hold line ends: any white space is one blank here. */
static void write_detail(const char *name, const char *text)
{
	bool blank = false;

	if (!*text)
		return;
	printf("  %-12s ", name);
	for (; *text; text++) {
		if (!isspace((unsigned char)*text))
			putchar(*text);
		else if (!blank)
			putchar(' ');
		blank = isspace((unsigned char)*text);
	}
	putchar('\n');
}

static void write_source(const struct finding *finding)
{
	const struct record *record = finding->record;

	if (!record) {
		printf("  %-12s no row lists it\n", "source");
		return;
	}
	printf("  %-12s %s ", "source", origin_name(finding->assignment->origin));
	text_put(stdout, record->registry->path);
	printf(", line %u\n", record->line);
}

static void write_text(const struct finding *finding, size_t transports)
{
	const struct assignment *assignment = finding->assignment;
	char ports[PORT_RANGE_SIZE];

	printf("%s", port_range_write(ports, finding->ports.first, finding->ports.last));
	for (size_t i = 0; i < transports; i++)
		printf("%c%s", i ? ',' : '/', transport_name(finding[i].transport));
	fputs("  ", stdout);
	text_put(stdout, assignment->service[0] ? finding_service(finding)
						: status_name(assignment->status));
	putchar('\n');
	write_detail("class", class_name(assignment->class));
	write_detail("status", status_name(assignment->status));
	write_detail("aliases", assignment->aliases);
	write_source(finding);
	if (!finding->record)
		return;
	write_detail("description", finding->record->description);
	write_detail("reference", finding->record->reference);
	write_detail("service code", finding->record->service_code);
	write_detail("notes", finding->record->notes);
	write_detail("modified", finding->record->modified);
}

static void write_texts(const struct findings *findings)
{
	size_t transports;

	for (size_t i = 0; i < findings->count; i += transports) {
		const struct finding *finding = &findings->findings[i];

		for (transports = 1; i + transports < findings->count; transports++)
			if (!is_same(finding, &finding[transports]))
				break;
		if (i)
			putchar('\n');
		write_text(finding, transports);
	}
}

static int run(const struct options *options, int argc, char **argv)
{
	struct lookup lookup = { .table = TABLE_ARGUMENTS_DEFAULT };
	struct findings findings = { 0 };
	struct table table = { 0 };
	int err = arguments_parse(cmd_lookup.name, arguments, argc, argv, &lookup);

	if (!err)
		err = table_open(&table, &lookup.table);
	for (size_t i = 0; !err && i < lookup.words.count; i++)
		err = find(&findings, table.ports, lookup.words.words[i]);
	if (!err && options->json)
		findings_json(stdout, &findings, options->pretty);
	else if (!err)
		write_texts(&findings);
	findings_close(&findings);
	table_close(&table);
	return err;
}

const struct command cmd_lookup = {
	.name = "lookup",
	.help = "what a port or a name means, and which file says so; needs no root",
	.arguments = arguments,
	.run = run,
};
