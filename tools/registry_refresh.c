// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Reduce a registry to facts in IANA's own columns: names, ports, transports, and
 * of the rest only what decides between two names of one port. Merge the rows of
 * a second file that the first one lacks.
 *
 * usage: registry_refresh FROM ADDITIONS > iana.csv
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "resolution.h"

#define HEADER \
	"Service Name,Port Number,Transport Protocol,Description,Assignee,Contact," \
	"Registration Date,Modification Date,Reference,Service Code," \
	"Unauthorized Use Reported,Assignment Notes"

/* Sorts behind the transports. */
#define TRANSPORT_BLANK TRANSPORT_MAX

/* One row to print. */
struct fact {
	const struct record *record;
	const char *name; /* the record's service, or one of its aliases */
	size_t size;	  /* of the name */
	uint8_t transport;
	uint32_t order; /* in which the files have them */
};

struct facts {
	struct fact *rows;
	uint32_t count;
	uint32_t capacity;
	/* How many names each port has, counted up to two. */
	uint8_t names[TRANSPORT_MAX][PORTS_MAX];
};

static void report(void *context, const struct diagnostic *diagnostic)
{
	(void)context;
	fprintf(stderr, "%s:%u: %s: %s\n", diagnostic->file, diagnostic->line,
		diagnostic->severity == SEVERITY_ERROR ? "error" : "warning", diagnostic->message);
}

static uint8_t transports_of(const struct fact *fact)
{
	return fact->transport == TRANSPORT_BLANK ? resolution_transports(fact->record)
						  : (uint8_t)(1U << fact->transport);
}

static void count_name(struct facts *facts, const struct fact *fact)
{
	for (int transport = 0; transport < TRANSPORT_MAX; transport++) {
		if (!(transports_of(fact) & 1 << transport))
			continue;
		for (uint32_t port = fact->record->first; port <= fact->record->last; port++)
			if (facts->names[transport][port] < 2)
				facts->names[transport][port]++;
	}
}

static int append(struct facts *facts, const struct record *record, const char *name, size_t size,
		  uint8_t transport)
{
	struct fact *fact;

	if (facts->count == facts->capacity) {
		uint32_t capacity = facts->capacity ? facts->capacity * 2 : 16384;

		fact = reallocarray(facts->rows, capacity, sizeof(*fact));
		if (!fact)
			return -ENOMEM;
		facts->rows = fact;
		facts->capacity = capacity;
	}
	fact = &facts->rows[facts->count];
	*fact = (struct fact){ record, name, size, transport, facts->count };
	facts->count++;
	if (size)
		count_name(facts, fact);
	return 0;
}

static int append_names(struct facts *facts, const struct record *record, uint8_t transport)
{
	const char *alias = record->aliases;
	int err = append(facts, record, record->service, strlen(record->service), transport);

	while (!err && *alias) {
		size_t size = strcspn(alias, " ");

		err = append(facts, record, alias, size, transport);
		alias += size + strspn(alias + size, " ");
	}
	return err;
}

static int append_record(struct facts *facts, const struct record *record)
{
	int err = 0;

	if (!record->has_port)
		return 0;
	if (!record->transports)
		return append_names(facts, record, TRANSPORT_BLANK);
	for (uint8_t transport = 0; transport < TRANSPORT_MAX && !err; transport++)
		if (record->transports & 1 << transport)
			err = append_names(facts, record, transport);
	return err;
}

static bool has_name(const struct record *record, const char *name)
{
	size_t size = strlen(name);
	const char *alias = record->aliases;

	if (!strcmp(record->service, name))
		return true;
	for (; *alias; alias += strspn(alias, " ")) {
		if (strcspn(alias, " ") == size && !strncmp(alias, name, size))
			return true;
		alias += strcspn(alias, " ");
	}
	return false;
}

/* Whether @record says all that @addition does. */
static bool covers(const struct record *record, const struct record *addition)
{
	uint8_t wanted = resolution_transports(addition);

	return record->has_port && record->first <= addition->first &&
	       record->last >= addition->last &&
	       (resolution_transports(record) & wanted) == wanted &&
	       resolution_status(record) == resolution_status(addition) &&
	       has_name(record, addition->service);
}

static bool has_record(const struct registry *source, const struct record *addition)
{
	for (size_t i = 0; i < source->count; i++)
		if (covers(&source->records[i], addition))
			return true;
	return false;
}

/* A name that no registry can have, where an addition knows the right one. */
static bool is_mended(const struct record *record, const struct registry *additions)
{
	if (record->row != ROW_NAMED || service_name_is_valid(record->service))
		return false;
	for (size_t i = 0; i < additions->count; i++) {
		const struct record *addition = &additions->records[i];

		if (addition->row == ROW_NAMED && addition->first == record->first &&
		    addition->last == record->last)
			return true;
	}
	return false;
}

static int collect(struct facts *facts, const struct registry *source,
		   const struct registry *additions)
{
	int err = 0;

	for (size_t i = 0; i < source->count && !err; i++) {
		const struct record *record = &source->records[i];

		if (is_mended(record, additions))
			fprintf(stderr, "%s:%u: %s left out, %s has its right name\n", source->path,
				record->line, record->service, additions->path);
		else
			err = append_record(facts, record);
	}
	for (size_t i = 0; i < additions->count && !err; i++) {
		const struct record *record = &additions->records[i];

		if (has_record(source, record))
			fprintf(stderr, "%s:%u: left out, %s has it already\n", additions->path,
				record->line, source->path);
		else
			err = append_record(facts, record);
	}
	return err;
}

static int compare_facts(const void *left, const void *right)
{
	const struct fact *a = left, *b = right;

	if (a->record->first != b->record->first)
		return a->record->first < b->record->first ? -1 : 1;
	if (a->transport != b->transport)
		return a->transport < b->transport ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

/* Whether another name wants one of the same ports. */
static bool is_contested(const struct facts *facts, const struct fact *fact)
{
	for (int transport = 0; transport < TRANSPORT_MAX; transport++) {
		if (!(transports_of(fact) & 1 << transport))
			continue;
		for (uint32_t port = fact->record->first; port <= fact->record->last; port++)
			if (facts->names[transport][port] > 1)
				return true;
	}
	return false;
}

static void print_cell(const char *text, size_t size)
{
	if (!memchr(text, ',', size) && !memchr(text, '"', size)) {
		fwrite(text, 1, size, stdout);
		return;
	}
	putchar('"');
	for (size_t i = 0; i < size; i++) {
		if (text[i] == '"')
			putchar('"');
		putchar(text[i]);
	}
	putchar('"');
}

/* The words by which the reader of CSV knows a row that gives way. */
static void print_note(const struct fact *fact)
{
	const struct record *record = fact->record;
	const char *primary = fact->name == record->service ? record->alias_of : record->service;

	if (*primary)
		printf("\"This entry is an alias to \"\"%s\"\"\"", primary);
	else if (record->yields)
		printf("NOTE Conflict");
}

static void print_named(const struct facts *facts, const struct fact *fact)
{
	const char *rfc = resolution_rfc(fact->record);
	bool contested = is_contested(facts, fact);

	printf(",,,,,,");
	if (contested && rfc)
		printf("[RFC%.*s]", (int)strspn(rfc + 3, "0123456789"), rfc + 3);
	printf(",,,");
	if (contested)
		print_note(fact);
}

/* Lower case keeps the precedence that a row in free form has. */
static const char *nameless_word(const struct record *record)
{
	if (resolution_status(record) == STATUS_RESERVED)
		return "Reserved";
	return record->row == ROW_UNASSIGNED ? "Unassigned" : "unassigned";
}

static void print_fact(const struct facts *facts, const struct fact *fact)
{
	const struct record *record = fact->record;

	print_cell(fact->name, fact->size);
	printf(",%u", record->first);
	if (record->last > record->first)
		printf("-%u", record->last);
	printf(",%s", fact->transport == TRANSPORT_BLANK
			      ? ""
			      : transport_name((enum transport)fact->transport));
	if (fact->size)
		print_named(facts, fact);
	else
		printf(",%s,,,,,,,,", nameless_word(record));
	putchar('\n');
}

static void print_facts(struct facts *facts, const struct registry *source)
{
	if (facts->count)
		qsort(facts->rows, facts->count, sizeof(*facts->rows), compare_facts);
	if (*source->date)
		printf("# date: %s\n", source->date);
	if (*source->date && source->date_is_lower_bound)
		puts("# (the date is that of its newest row)");
	puts(HEADER);
	for (uint32_t i = 0; i < facts->count; i++)
		print_fact(facts, &facts->rows[i]);
}

static int refresh(const struct registry *source, const struct registry *additions)
{
	struct facts *facts = calloc(1, sizeof(*facts));
	int err;

	if (!facts)
		return -ENOMEM;
	err = collect(facts, source, additions);
	if (!err)
		print_facts(facts, source);
	free(facts->rows);
	free(facts);
	return err;
}

int main(int argc, char **argv)
{
	struct diagnostics diagnostics = { .report = report };
	struct registry source = { 0 }, additions = { 0 };
	int err;

	if (argc != 3) {
		fputs("usage: registry_refresh FROM ADDITIONS\n", stderr);
		return 1;
	}
	err = registry_read(&source, argv[1], NULL, &diagnostics);
	if (!err && !source.count)
		err = diagnostics_refuse(&diagnostics, argv[1], 0, "no row of it can be used");
	if (!err)
		err = registry_read(&additions, argv[2], "csv", &diagnostics);
	if (!err)
		err = refresh(&source, &additions);
	registry_close(&additions);
	registry_close(&source);
	return err || fflush(stdout) || ferror(stdout) ? 2 : 0;
}
