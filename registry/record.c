// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * From the cells of a row to its record, the same for every format.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "arena.h"
#include "reader.h"
#include "text.h"

#define DIGITS	   "0123456789"
#define ALIAS_MARK "This entry is an alias to \""
#define NO_NAME	   "unknown" /* what nmap calls a port that it has no name for */

/* Steps return 0 (go on), LEFT_OUT (said), -EBADMSG (said) or -ENOMEM. */
enum { LEFT_OUT = 1 };

struct append {
	struct record record;
	struct registry *registry;
	const struct cells *cells;
	struct diagnostics *diagnostics;
};

#define warn(append, ...) \
	diagnostics_warn((append)->diagnostics, (append)->registry->path, (append)->cells->line, \
			 __VA_ARGS__)
#define refuse(append, ...) \
	diagnostics_refuse((append)->diagnostics, (append)->registry->path, (append)->cells->line, \
			   __VA_ARGS__)

/* The row is lost, with an error. */
#define lose(append, ...) \
	(diagnostics_lose((append)->diagnostics, (append)->registry->path, (append)->cells->line, \
			  __VA_ARGS__), \
	 LEFT_OUT)

static bool is_empty(const char *cell)
{
	return !cell || !*cell;
}

/* Of what can be of any length, for a message. */
static int size_shown(size_t size)
{
	return size < 64 ? (int)size : 64;
}

/*
 * Names end up in aligned columns, in labels and, separated by blanks, in lists of aliases;
 * only what is one visible ASCII word survives all of them. Blanks can be mended (see
 * mend_service()), and so can a name that is too long, where it is put into a row.
 */
static int check_name(struct append *append, const char *name, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (name[i] >= ' ' && name[i] < 0x7f)
			continue;
		return lose(append,
			    "the name '%.*s' has a character outside printable ASCII; the row is"
			    " lost",
			    size_shown(size), name);
	}
	return 0;
}

static void tell_of_size(struct append *append, const char *name)
{
	if (strlen(name) >= SERVICE_SIZE)
		warn(append,
		     "the name '%.63s...' is longer than %d characters; it is cut to that%s", name,
		     SERVICE_SIZE - 1, strchr(name, '/') ? ", at the end of its namespace" : "");
}

static int take_names(struct append *append)
{
	const char *service = append->cells->service, *alias = append->cells->aliases;
	int err = 0;

	append->record.row = ROW_NAMED;
	if (is_empty(service))
		service = "";
	if (strcmp(service, NO_NAME) == 0)
		return LEFT_OUT; /* it says nothing, and so there is nothing to say */
	err = check_name(append, service, strlen(service));
	if (!err)
		tell_of_size(append, service);
	while (!err && !is_empty(alias)) {
		size_t size = strcspn(alias, " ");

		err = check_name(append, alias, size);
		alias += size + strspn(alias + size, " ");
	}
	return err;
}

/* Read "80" or "6000-6063"; a number too great for a port stays too great. */
static bool read_range(const char *text, unsigned long *first, unsigned long *last)
{
	size_t digits = strspn(text, DIGITS);

	*first = *last = strtoul(text, NULL, 10);
	if (digits && text[digits] == '-') {
		text += digits + 1;
		digits = strspn(text, DIGITS);
		*last = strtoul(text, NULL, 10);
	}
	return digits && !text[digits];
}

static int take_ports(struct append *append)
{
	const char *port = append->cells->port;
	unsigned long first, last;

	if (is_empty(port))
		return 0;
	if (!read_range(port, &first, &last))
		return lose(append, "'%.64s' is neither a port nor a range of ports", port);
	if (first >= PORTS_MAX || last >= PORTS_MAX)
		return lose(append, "'%.64s' is above %d, the highest port", port, PORTS_MAX - 1);
	if (first > last)
		return lose(append, "the range '%.64s' is reversed", port);
	append->record.has_port = true;
	append->record.is_range = strchr(port, '-') != NULL;
	append->record.first = (uint16_t)first;
	append->record.last = (uint16_t)last;
	return 0;
}

/* The transport that the first @size bytes of @text name; TRANSPORT_MAX: none. */
static enum transport transport_of(const char *text, size_t size)
{
	char name[8];

	if (size >= sizeof(name))
		return TRANSPORT_MAX;
	memcpy(name, text, size);
	name[size] = '\0';
	return transport_by_name(name);
}

/* One transport, or several as Wireshark merges them: tcp/udp/sctp. */
static int take_transports(struct append *append)
{
	const char *at = append->cells->transport, *unknown = NULL;
	uint8_t *transports = &append->record.transports;

	if (is_empty(at))
		return 0;
	for (size_t size; size = strcspn(at, "/"), true; at += size + 1) {
		enum transport transport = transport_of(at, size);

		if (transport < TRANSPORT_MAX)
			*transports |= (uint8_t)(1U << transport);
		else if (!unknown)
			unknown = at;
		if (!at[size])
			break;
	}
	if (unknown)
		warn(append, "the transport '%.*s' is not known; %s left out",
		     size_shown(strcspn(unknown, "/")), unknown,
		     *transports ? "it is" : "the row is");
	return *transports ? 0 : LEFT_OUT;
}

/* A copy of the first @size bytes of @text that lives as long as the registry. */
static const char *keep(struct registry *registry, const char *text, size_t size)
{
	char *copy = arena_take(&registry->arena, size + 1);

	if (!copy)
		return NULL;
	memcpy(copy, text, size);
	copy[size] = '\0';
	text_tidy(copy, copy);
	return copy;
}

/* The same of a name, of which no byte is lost. */
static const char *keep_name(struct registry *registry, const char *text)
{
	char *copy = arena_take(&registry->arena, strlen(text) + 1);

	if (copy)
		text_tidy_name(copy, text);
	return copy;
}

/* clang-format off */
#define WORD(name) { offsetof(struct cells, name), offsetof(struct record, name) }
/* clang-format on */

static const struct word {
	size_t cell;
	size_t member;
} words[] = {
	WORD(aliases),		WORD(description), WORD(reference), WORD(service_code),
	WORD(unauthorized_use), WORD(notes),	   WORD(modified),
};

/* What registries of old have: `Two Words`. Nobody could look such a name up. */
static void mend_service(struct append *append)
{
	char *service = (char *)append->record.service; /* the copy is ours */

	if (!strchr(service, ' '))
		return;
	for (char *blank = service; (blank = strchr(blank, ' '));)
		*blank = '-';
	warn(append, "the name has blanks in it; it is taken as '%.64s'", service);
}

static int take_words(struct append *append)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		const void *from = (const char *)append->cells + words[i].cell;
		const char *cell = *(const char *const *)from;
		const char **member = (const char **)((char *)&append->record + words[i].member);

		*member = is_empty(cell) ? "" : keep(append->registry, cell, strlen(cell));
		if (!*member)
			return -ENOMEM;
	}
	append->record.service = is_empty(append->cells->service)
					 ? ""
					 : keep_name(append->registry, append->cells->service);
	if (!append->record.service)
		return -ENOMEM;
	mend_service(append);
	return 0;
}

static int take_alias_mark(struct append *append)
{
	const char *mark = strcasestr(append->record.notes, ALIAS_MARK);

	append->record.alias_of = "";
	if (!mark)
		return 0;
	mark += strlen(ALIAS_MARK);
	append->record.alias_of = keep(append->registry, mark, strcspn(mark, "\""));
	return append->record.alias_of ? 0 : -ENOMEM;
}

/* Notes by which a row gives way to another of the same port and transport. */
static int take_yield_mark(struct append *append)
{
	static const char *const marks[] = {
		"NOTE Conflict",
		"unassigned but widespread use",
		"is a duplicate of",
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (strcasestr(append->record.notes, marks[i]))
			append->record.yields = true;
	return 0;
}

/* Only a nameless row is told by its words: see `stun-behaviors 5349/udp`. */
static int take_kind(struct append *append)
{
	struct record *record = &append->record;

	if (*record->service)
		return 0;
	if (!record->has_port || !*record->description)
		return lose(append, "the row has neither a name nor %s; it is left out",
			    record->has_port ? "a description" : "a port");
	record->row = ROW_FREE_FORM;
	if (!strcmp(record->description, "Reserved"))
		record->row = ROW_RESERVED;
	else if (!strcmp(record->description, "Unassigned"))
		record->row = ROW_UNASSIGNED;
	return 0;
}

static uint64_t count_names(const struct record *record)
{
	uint64_t names = 1;

	for (const char *alias = record->aliases; *alias; names++) {
		alias += strcspn(alias, " ");
		alias += *alias == ' ';
	}
	return names;
}

static size_t count_transports(const struct record *record)
{
	return record->transports ? (size_t)__builtin_popcount(record->transports) : TRANSPORT_MAX;
}

/* Each port takes each name of each row that speaks of it: that is what a file costs. */
static int take_cost(struct append *append)
{
	const struct record *record = &append->record;
	size_t ports = record->has_port ? record->last - record->first + 1U : 0;

	append->registry->namings += ports * count_transports(record) * count_names(record);
	if (append->registry->namings <= REGISTRY_NAMINGS_MAX)
		return 0;
	return refuse(append,
		      "the rows so far name each port more than %d times on average: leave out "
		      "those that repeat others, or part of their names or ports",
		      REGISTRY_NAMES_MAX);
}

static int push(struct append *append)
{
	struct registry *registry = append->registry;

	if (registry->count == REGISTRY_RECORDS_MAX)
		return refuse(append,
			      "more than %d rows, twice as many as there are ports of all "
			      "transports: leave out those that repeat others",
			      REGISTRY_RECORDS_MAX);
	if (registry->count == registry->capacity) {
		size_t capacity = registry->capacity ? registry->capacity * 2 : 1024;
		struct record *records =
			reallocarray(registry->records, capacity, sizeof(*records));

		if (!records)
			return -ENOMEM;
		registry->records = records;
		registry->capacity = capacity;
	}
	registry->records[registry->count++] = append->record;
	return 0;
}

/* Without a date of its own, a file is as new as its newest row, or newer. */
static int take_dates(struct append *append)
{
	const char *dates[] = { append->cells->registered, append->cells->modified };
	struct registry *registry = append->registry;

	if (*registry->date && !registry->date_is_lower_bound)
		return 0;
	for (size_t i = 0; i < sizeof(dates) / sizeof(*dates); i++) {
		if (is_empty(dates[i]) || !text_is_date(dates[i]) ||
		    strcmp(dates[i], registry->date) <= 0)
			continue;
		strcpy(registry->date, dates[i]);
		registry->date_is_lower_bound = true;
	}
	return 0;
}

int record_append(struct registry *registry, const struct cells *cells,
		  struct diagnostics *diagnostics)
{
	static int (*const steps[])(struct append *) = {
		take_names,	 take_ports,	  take_transports, take_words, take_kind,
		take_alias_mark, take_yield_mark, take_dates,	   take_cost,  push,
	};
	struct append append = {
		.record = { .registry = registry, .line = cells->line, .lines = cells->lines },
		.registry = registry,
		.cells = cells,
		.diagnostics = diagnostics,
	};
	int err = 0;

	for (size_t i = 0; !err && i < sizeof(steps) / sizeof(*steps); i++)
		err = steps[i](&append);
	return err == LEFT_OUT ? 0 : err;
}
