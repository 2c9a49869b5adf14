// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Registry files and the table they compile to, for tests.
 */
#include "compiled.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct compiled *compiled_new(void)
{
	struct compiled *compiled = calloc(1, sizeof(*compiled));

	assert_non_null(compiled);
	collect_start(&compiled->collect);
	compiled->input = (struct port_table_input){
		.registry = &compiled->registry,
		.overlays = compiled->overlays,
		.ephemeral_first = EPHEMERAL_FIRST_DEFAULT,
		.ephemeral_last = EPHEMERAL_LAST_DEFAULT,
	};
	return compiled;
}

void compiled_free(struct compiled *compiled)
{
	if (compiled->table.count) /* else it is closed, and has no memory yet */
		port_table_close(&compiled->table);
	for (size_t i = 0; i < COMPILED_OVERLAYS_MAX; i++)
		registry_close(&compiled->overlays[i]);
	registry_close(&compiled->registry);
	free(compiled);
}

void compiled_parse_rows(struct compiled *compiled, const char *rows)
{
	char *text;

	assert_true(asprintf(&text, COMPILED_HEADER "%s", rows) > 0);
	assert_int_equal(registry_parse(&compiled->registry, "rows.csv", text, strlen(text), "csv",
					&compiled->collect.diagnostics),
			 0);
	free(text);
}

void compiled_parse_overlay(struct compiled *compiled, const char *text, const char *format)
{
	size_t number = compiled->input.overlays_count++;

	assert_in_range(number, 0, COMPILED_OVERLAYS_MAX - 1);
	assert_int_equal(registry_parse(&compiled->overlays[number], "overlay.services", text,
					strlen(text), format, &compiled->collect.diagnostics),
			 0);
}

int compiled_compile(struct compiled *compiled)
{
	return port_table_compile(&compiled->table, &compiled->input,
				  &compiled->collect.diagnostics);
}

/*
 * Precedence in the words of design.md, as a tuple that sorts: the step, what
 * comes first among the nameless of one step, the port, the transport.
 */
struct precedence {
	int tuple[5];
};

static bool is_client_port(const struct compiled *compiled, const struct assignment *assignment)
{
	return assignment->class == CLASS_USER &&
	       assignment->first >= compiled->input.ephemeral_first &&
	       assignment->last <= compiled->input.ephemeral_last;
}

/* Whether the row that it is of, or is a part of, has more than 1,024 ports. */
static bool is_large(const struct compiled *compiled, const struct assignment *assignment)
{
	const struct record *record =
		compiled->table.records[assignment->transport][assignment->first];

	return record->last - record->first >= 1024;
}

static struct precedence precedence_of(const struct compiled *compiled,
				       const struct assignment *assignment)
{
	bool named = assignment->service[0];
	struct precedence precedence = { {
		8,
		!named && assignment->class == CLASS_USER,
		!named && assignment->status == STATUS_UNASSIGNED,
		assignment->first,
		assignment->transport,
	} };

	if (assignment->origin == ORIGIN_OVERLAY)
		precedence.tuple[0] = is_large(compiled, assignment) ? 4 : 1;
	else if (named && assignment->class == CLASS_SYSTEM)
		precedence.tuple[0] = 2;
	else if (named && assignment->class == CLASS_USER)
		precedence.tuple[0] = is_client_port(compiled, assignment) ? 6 : 3;
	else if (assignment->class != CLASS_DYNAMIC)
		precedence.tuple[0] = is_client_port(compiled, assignment) ? 7 : 5;
	return precedence;
}

static void check_precedence(const char *name, const struct compiled *compiled)
{
	const struct port_table *table = &compiled->table;

	for (uint32_t rank = 1; rank < table->count; rank++) {
		struct precedence before, after;
		int i = 0;

		before = precedence_of(compiled, &table->assignments[rank - 1]);
		after = precedence_of(compiled, &table->assignments[rank]);
		while (i < 4 && before.tuple[i] == after.tuple[i])
			i++;
		if (before.tuple[i] >= after.tuple[i])
			fail_msg("%s: rank %u and %u are in the wrong order", name, rank - 1, rank);
	}
}

static void check_entry(const char *name, const struct compiled *compiled, enum transport transport,
			uint16_t port)
{
	const struct port_table *table = &compiled->table;
	uint32_t entry = table->entries[transport][port];
	const struct assignment *assignment;

	if (ENTRY_SLOT(entry) >= table->count || entry >> 16 != ENTRY_SLOT(entry))
		fail_msg("%s: %u/%s has entry %x", name, port, transport_name(transport), entry);
	assignment = port_table_find(table, transport, port);
	if (assignment->transport != transport || assignment->class != class_of(port) ||
	    port < assignment->first || port > assignment->last)
		fail_msg("%s: %u/%s is in the wrong assignment", name, port,
			 transport_name(transport));
	if ((assignment->status == STATUS_ASSIGNED) != (assignment->service[0] != '\0') ||
	    (assignment->status == STATUS_DYNAMIC) !=
		    (assignment->class == CLASS_DYNAMIC && !assignment->service[0]))
		fail_msg("%s: %u/%s has the wrong status", name, port, transport_name(transport));
}

void compiled_check(const struct compiled *compiled, const char *name)
{
	const struct port_table *table = &compiled->table;
	uint32_t *ports = calloc(table->count, sizeof(*ports));

	assert_non_null(ports);
	assert_in_range(table->count, 1, SLOTS_MAX);
	for (int transport = 0; transport < TRANSPORT_MAX; transport++)
		for (uint32_t port = 0; port < PORTS_MAX; port++) {
			check_entry(name, compiled, (enum transport)transport, (uint16_t)port);
			ports[ENTRY_SLOT(table->entries[transport][port])]++;
		}
	for (uint32_t slot = 0; slot < table->count; slot++) {
		const struct assignment *assignment = &table->assignments[slot];
		uint32_t most = assignment->last - assignment->first + 1U;

		if (!ports[slot] || ports[slot] > most ||
		    (assignment->service[0] && ports[slot] != most))
			fail_msg("%s: slot %u has %u ports of %u", name, slot, ports[slot], most);
	}
	free(ports);
	check_precedence(name, compiled);
}

void compiled_check_known(const struct compiled *compiled, const struct known_port *known,
			  size_t count)
{
	for (const struct known_port *end = known + count; known < end; known++) {
		const struct assignment *found =
			port_table_find(&compiled->table, known->transport, known->port);

		if (strcmp(found->service, known->service) ||
		    strcmp(found->aliases, known->aliases) || found->status != known->status)
			fail_msg("%u/%s is '%s' (also '%s'), %s", known->port,
				 transport_name(known->transport), found->service, found->aliases,
				 status_name(found->status));
	}
}
