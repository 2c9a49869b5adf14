// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The registry that the project ships: what the program embeds, and what the
 * build made of it for the maps in the object file.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "compiled.h"
#include "shipped.h"

/* As bpf/maps.h has them. */
static const uint32_t shipped_entries[TRANSPORT_MAX][PORTS_MAX] = SHIPPED_ENTRIES;
static const struct assignment shipped_assignments[SHIPPED_SLOTS] = SHIPPED_ASSIGNMENTS;
static const struct info shipped_info = SHIPPED_INFO;

static struct compiled *compiled;

static int open_shipped(void **state)
{
	int err;

	(void)state;
	compiled = compiled_new();
	err = registry_read_shipped(&compiled->registry, &compiled->collect.diagnostics);
	if (!err)
		err = compiled_compile(compiled);
	return err;
}

static int close_shipped(void **state)
{
	(void)state;
	compiled_free(compiled);
	return 0;
}

/* Some names are older than the rules for them, and IANA keeps them. */
static void it_compiles_without_a_conflict(void **state)
{
	size_t names = 0;

	(void)state;
	for (size_t i = 0; i < compiled->registry.count; i++)
		names += compiled->registry.records[i].row == ROW_NAMED &&
			 !service_name_is_valid(compiled->registry.records[i].service);
	assert_int_equal(compiled->collect.count, names);
	assert_string_not_equal(compiled->registry.date, "");
	assert_false(compiled->registry.date_is_lower_bound);
	compiled_check(compiled, "shipped");
}

static void it_ships_facts_only(void **state)
{
	(void)state;
	for (size_t i = 0; i < compiled->registry.count; i++) {
		const struct record *record = &compiled->registry.records[i];

		assert_true(record->has_port);
		assert_string_equal(record->service_code, "");
		assert_string_equal(record->modified, "");
		if (record->row == ROW_NAMED)
			assert_string_equal(record->description, "");
	}
}

static const struct known_port known_ports[] = {
	{ TRANSPORT_TCP, 0, "", "", STATUS_RESERVED },
	{ TRANSPORT_UDP, 0, "", "", STATUS_RESERVED },
	{ TRANSPORT_TCP, 22, "ssh", "", STATUS_ASSIGNED },
	{ TRANSPORT_UDP, 53, "domain", "", STATUS_ASSIGNED },
	{ TRANSPORT_TCP, 80, "http", "", STATUS_ASSIGNED },
	{ TRANSPORT_TCP, 225, "", "", STATUS_RESERVED },
	{ TRANSPORT_TCP, 443, "https", "", STATUS_ASSIGNED },
	{ TRANSPORT_TCP, 465, "submissions", "urd", STATUS_ASSIGNED },
	{ TRANSPORT_UDP, 465, "igmpv3lite", "", STATUS_ASSIGNED },
	{ TRANSPORT_TCP, 1023, "", "", STATUS_RESERVED },
	{ TRANSPORT_UDP, 1024, "", "", STATUS_RESERVED },
	{ TRANSPORT_TCP, 2049, "nfs", "", STATUS_ASSIGNED },
	{ TRANSPORT_UDP, 2049, "nfs", "", STATUS_ASSIGNED },
	{ TRANSPORT_SCTP, 2049, "nfs", "", STATUS_ASSIGNED },
	{ TRANSPORT_TCP, 6063, "x11", "", STATUS_ASSIGNED },
	{ TRANSPORT_DCCP, 9, "discard", "", STATUS_ASSIGNED },
	{ TRANSPORT_SCTP, 49151, "", "", STATUS_RESERVED },
	{ TRANSPORT_TCP, 49152, "", "", STATUS_DYNAMIC },
};

static void it_knows_what_everybody_knows(void **state)
{
	(void)state;
	compiled_check_known(compiled, known_ports, sizeof(known_ports) / sizeof(known_ports[0]));
}

static void the_object_holds_the_same_table(void **state)
{
	static const struct assignment none;
	const struct port_table *table = &compiled->table;

	(void)state;
	for (int transport = 0; transport < TRANSPORT_MAX; transport++)
		for (uint32_t port = 0; port < PORTS_MAX; port++)
			if (shipped_entries[transport][port] != table->entries[transport][port])
				fail_msg("%u/%s", port, transport_name((enum transport)transport));
	assert_in_range(table->count, 1, SHIPPED_SLOTS);
	for (uint32_t slot = 0; slot < SHIPPED_SLOTS; slot++)
		if (memcmp(&shipped_assignments[slot],
			   slot < table->count ? &table->assignments[slot] : &none, sizeof(none)))
			fail_msg("slot %u", slot);
}

static void the_object_says_where_it_came_from(void **state)
{
	struct info info = port_table_info(&compiled->table, &compiled->input, COUNT_BY_SERVICE);

	(void)state;
	assert_memory_equal(&shipped_info, &info, sizeof(info));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_compiles_without_a_conflict),
		cmocka_unit_test(it_ships_facts_only),
		cmocka_unit_test(it_knows_what_everybody_knows),
		cmocka_unit_test(the_object_holds_the_same_table),
		cmocka_unit_test(the_object_says_where_it_came_from),
	};

	return cmocka_run_group_tests(tests, open_shipped, close_shipped);
}
