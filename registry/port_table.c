// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * From the rows that won their ports to assignments, ranked in the order of
 * precedence, and the entries that the kernel reads.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "port_table.h"
#include "resolution.h"

/* Parts of the port range within which precedence depends on the status alone. */
enum zone {
	ZONE_SYSTEM,
	ZONE_BELOW,	/* user ports below the ephemeral range */
	ZONE_ABOVE,	/* user ports above it */
	ZONE_EPHEMERAL, /* user ports inside it */
	ZONE_DYNAMIC,
	ZONE_MAX,
};

/* Of more ports than this, an overlay names only those that nobody else does. */
#define OVERLAY_RANGE_MAX 1024

/* The order of precedence, best first: which of two ports names a packet. */
enum step {
	STEP_OVERLAY,
	STEP_ASSIGNED_SYSTEM,
	STEP_ASSIGNED_USER,
	STEP_OVERLAY_RANGE,
	STEP_RESERVED_SYSTEM,
	STEP_UNASSIGNED_SYSTEM,
	STEP_RESERVED_USER,
	STEP_UNASSIGNED_USER,
	STEP_ASSIGNED_EPHEMERAL,
	STEP_RESERVED_EPHEMERAL,
	STEP_UNASSIGNED_EPHEMERAL,
	STEP_DYNAMIC,
};

/* clang-format off */
static const enum step step_of[ZONE_MAX][STATUS_MAX] = {
	[ZONE_SYSTEM] = {
		[STATUS_ASSIGNED] = STEP_ASSIGNED_SYSTEM,
		[STATUS_RESERVED] = STEP_RESERVED_SYSTEM,
		[STATUS_UNASSIGNED] = STEP_UNASSIGNED_SYSTEM,
	},
	[ZONE_BELOW ... ZONE_ABOVE] = {
		[STATUS_ASSIGNED] = STEP_ASSIGNED_USER,
		[STATUS_RESERVED] = STEP_RESERVED_USER,
		[STATUS_UNASSIGNED] = STEP_UNASSIGNED_USER,
	},
	[ZONE_EPHEMERAL] = {
		[STATUS_ASSIGNED] = STEP_ASSIGNED_EPHEMERAL,
		[STATUS_RESERVED] = STEP_RESERVED_EPHEMERAL,
		[STATUS_UNASSIGNED] = STEP_UNASSIGNED_EPHEMERAL,
	},
	[ZONE_DYNAMIC] = {
		[STATUS_DYNAMIC] = STEP_DYNAMIC,
	},
};
/* clang-format on */

/* Assignments are drafted port by port, then ranked. */
struct draft {
	const struct port_table_input *input;
	struct diagnostics *diagnostics;
	struct port_table *table; /* its entries hold the number of the draft */
	struct resolution resolution;
	uint32_t count;
	struct assignment assignments[SLOTS_MAX];
	uint64_t keys[SLOTS_MAX]; /* rank_key() */
	uint16_t ranks[SLOTS_MAX];
	uint32_t nameless[TRANSPORT_MAX][ZONE_MAX][STATUS_MAX]; /* its number + 1 */
};

static enum zone zone_of(const struct port_table_input *input, uint16_t port)
{
	switch (class_of(port)) {
	case CLASS_SYSTEM:
		return ZONE_SYSTEM;
	case CLASS_USER:
		if (port < input->ephemeral_first)
			return ZONE_BELOW;
		return port <= input->ephemeral_last ? ZONE_EPHEMERAL : ZONE_ABOVE;
	default:
		return ZONE_DYNAMIC;
	}
}

static enum status status_of(const struct record *record, enum zone zone)
{
	enum status status = resolution_status(record);

	return zone == ZONE_DYNAMIC && status != STATUS_ASSIGNED ? STATUS_DYNAMIC : status;
}

/* Sorts by step, then port, then transport; the draft's number is the low half. */
static uint64_t rank_key(enum step step, const struct assignment *assignment, uint32_t number)
{
	return (uint64_t)step << 48 | (uint64_t)assignment->first << 32 |
	       (uint64_t)assignment->transport << 16 | number;
}

/* " (overlays: A, B; registry: C)"; nothing if there are no overlays. */
static void name_files(char *text, size_t size, const struct port_table_input *input)
{
	FILE *to = input->overlays_count ? fmemopen(text, size - 1, "w") : NULL;

	memset(text, 0, size);
	if (!to)
		return;
	for (size_t i = 0; i < input->overlays_count; i++)
		fprintf(to, "%s%s", i ? ", " : " (overlays: ", input->overlays[i].path);
	fprintf(to, "; registry: %s)", input->registry->path);
	fclose(to);
}

/* All the files make it together; the last overlay is the one too many. */
static int refuse_more(const struct draft *draft)
{
	const struct port_table_input *input = draft->input;
	size_t overlays = input->overlays_count;
	const struct registry *last = overlays ? &input->overlays[overlays - 1] : input->registry;
	char files[256];

	name_files(files, sizeof(files), input);
	return diagnostics_refuse(draft->diagnostics, last->path, 0,
				  "more than %u assignments, which is all that 16 bits hold: leave "
				  "services out, or give them as ranges%s",
				  SLOTS_MAX, files);
}

static int append(struct draft *draft, const struct assignment *assignment, enum step step)
{
	if (draft->count == SLOTS_MAX)
		return refuse_more(draft);
	draft->assignments[draft->count] = *assignment;
	draft->keys[draft->count] = rank_key(step, assignment, draft->count);
	draft->count++;
	return 0;
}

static enum step step_of_named(const struct draft *draft, const struct record *record,
			       enum zone zone)
{
	if (record->registry == draft->input->registry)
		return step_of[zone][STATUS_ASSIGNED];
	return resolution_width(record) < OVERLAY_RANGE_MAX ? STEP_OVERLAY : STEP_OVERLAY_RANGE;
}

static int draft_named(struct draft *draft, enum transport transport, uint16_t port, enum zone zone)
{
	const struct record *record = draft->resolution.records[transport][port];
	uint32_t set = draft->resolution.aliases[transport][port];
	struct assignment assignment = {
		.first = port,
		.last = port,
		.transport = (__u8)transport,
		.class = (__u8)class_of(port),
		.status = STATUS_ASSIGNED,
		.origin = record->registry == draft->input->registry ? ORIGIN_REGISTRY
								     : ORIGIN_OVERLAY,
	};

	service_name_fit(assignment.service, record->service);
	memcpy(assignment.aliases, draft->resolution.sets.texts[set], ALIASES_SIZE);
	draft->table->entries[transport][port] = draft->count;
	return append(draft, &assignment, step_of_named(draft, record, zone));
}

/* The first and last port of the zone that @port is in. */
static void find_ends(const struct port_table_input *input, struct assignment *assignment,
		      enum zone zone)
{
	static const uint16_t first_of[] = { 0, CLASS_USER_FIRST, CLASS_DYNAMIC_FIRST };
	static const uint16_t last_of[] = { CLASS_USER_FIRST - 1, CLASS_DYNAMIC_FIRST - 1,
					    PORTS_MAX - 1 };

	assignment->first = first_of[assignment->class];
	assignment->last = last_of[assignment->class];
	if (zone == ZONE_BELOW && input->ephemeral_first <= assignment->last)
		assignment->last = input->ephemeral_first - 1;
	if (zone == ZONE_EPHEMERAL && input->ephemeral_first > assignment->first)
		assignment->first = input->ephemeral_first;
	if (zone == ZONE_EPHEMERAL && input->ephemeral_last < assignment->last)
		assignment->last = input->ephemeral_last;
	if (zone == ZONE_ABOVE && input->ephemeral_last >= assignment->first)
		assignment->first = input->ephemeral_last + 1;
}

static int append_nameless(struct draft *draft, enum transport transport, uint16_t port,
			   enum zone zone, enum status status)
{
	struct assignment assignment = {
		.transport = (__u8)transport,
		.class = (__u8)class_of(port),
		.status = (__u8)status,
		.origin = ORIGIN_REGISTRY,
	};

	find_ends(draft->input, &assignment, zone);
	return append(draft, &assignment, step_of[zone][status]);
}

static int draft_nameless(struct draft *draft, enum transport transport, uint16_t port,
			  enum zone zone, enum status status)
{
	uint32_t *number = &draft->nameless[transport][zone][status];
	int err = 0;

	if (!*number) {
		err = append_nameless(draft, transport, port, zone, status);
		*number = draft->count;
	}
	draft->table->entries[transport][port] = *number - 1;
	return err;
}

/* Whether the port before @port belongs to the same row, by the same names. */
static bool continues(const struct draft *draft, enum transport transport, uint16_t port)
{
	const struct record **records = draft->resolution.records[transport];
	const uint32_t *aliases = draft->resolution.aliases[transport];
	char(*texts)[ALIASES_SIZE] = draft->resolution.sets.texts;

	return port > 0 && records[port] == records[port - 1] &&
	       zone_of(draft->input, port) == zone_of(draft->input, port - 1) &&
	       !strcmp(texts[aliases[port]], texts[aliases[port - 1]]);
}

static int draft_port(struct draft *draft, enum transport transport, uint16_t port)
{
	uint32_t *entries = draft->table->entries[transport];
	enum zone zone = zone_of(draft->input, port);
	enum status status = status_of(draft->resolution.records[transport][port], zone);

	if (status != STATUS_ASSIGNED)
		return draft_nameless(draft, transport, port, zone, status);
	if (!continues(draft, transport, port))
		return draft_named(draft, transport, port, zone);
	entries[port] = entries[port - 1];
	draft->assignments[entries[port]].last = port;
	return 0;
}

static int draft_all(struct draft *draft)
{
	int err = 0;

	for (int transport = 0; transport < TRANSPORT_MAX; transport++)
		for (uint32_t port = 0; port < PORTS_MAX && !err; port++)
			err = draft_port(draft, (enum transport)transport, (uint16_t)port);
	return err;
}

static int compare_keys(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

/* Give each draft its rank, which is its slot too, and the entries both. */
static int rank_all(struct draft *draft)
{
	struct port_table *table = draft->table;

	table->assignments = calloc(draft->count, sizeof(*table->assignments));
	if (!table->assignments)
		return -ENOMEM;
	table->count = draft->count;
	qsort(draft->keys, draft->count, sizeof(draft->keys[0]), compare_keys);
	for (uint32_t rank = 0; rank < draft->count; rank++) {
		uint16_t number = draft->keys[rank] & 0xffff;

		table->assignments[rank] = draft->assignments[number];
		draft->ranks[number] = (uint16_t)rank;
	}
	for (int transport = 0; transport < TRANSPORT_MAX; transport++)
		for (uint32_t port = 0; port < PORTS_MAX; port++) {
			uint16_t rank = draft->ranks[table->entries[transport][port]];

			table->entries[transport][port] = ENTRY(rank, rank);
		}
	return 0;
}

int port_table_compile(struct port_table *table, const struct port_table_input *input,
		       struct diagnostics *diagnostics)
{
	struct draft *draft;
	int err;

	memset(table, 0, sizeof(*table));
	if (input->ephemeral_first > input->ephemeral_last)
		return -EINVAL;
	draft = calloc(1, sizeof(*draft));
	if (!draft)
		return -ENOMEM;
	draft->input = input;
	draft->diagnostics = diagnostics;
	draft->table = table;
	err = resolution_open(&draft->resolution, table->records, input, diagnostics);
	if (!err)
		err = draft_all(draft);
	if (!err)
		err = rank_all(draft);
	resolution_close(&draft->resolution);
	free(draft);
	if (err)
		port_table_close(table);
	return err;
}

void port_table_close(struct port_table *table)
{
	free(table->assignments);
	memset(table, 0, sizeof(*table));
}

const struct assignment *port_table_find(const struct port_table *table, enum transport transport,
					 uint16_t port)
{
	return &table->assignments[ENTRY_SLOT(table->entries[transport][port])];
}

struct info port_table_info(const struct port_table *table, const struct port_table_input *input,
			    enum count_by count_by)
{
	struct info info = {
		.abi_version = ABI_VERSION,
		.slots = table->count,
		.count_by = count_by,
		.ephemeral_first = input->ephemeral_first,
		.ephemeral_last = input->ephemeral_last,
	};

	memcpy(info.registry_name, input->registry->name, sizeof(info.registry_name));
	memcpy(info.registry_date, input->registry->date, sizeof(info.registry_date));
	memcpy(info.registry_sha256, input->registry->sha256, sizeof(info.registry_sha256));
	return info;
}
