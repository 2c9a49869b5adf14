// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Whole editions of the registry, compiled: their figures and their traps.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <limits.h>

#include "compiled.h"
#include "shared_file.h"

static struct compiled *compile_edition(const char *name)
{
	struct compiled *compiled;
	char path[PATH_MAX];

	if (!shared_file(path, sizeof(path), name))
		skip();
	compiled = compiled_new();
	assert_int_equal(
		registry_read(&compiled->registry, path, NULL, &compiled->collect.diagnostics), 0);
	assert_int_equal(compiled_compile(compiled), 0);
	assert_int_equal(compiled->collect.diagnostics.errors, 0);
	compiled_check(compiled, name);
	return compiled;
}

/* The figures of a reader that knows no precedence: named is named. */
static void the_edition_as_csv_gives_its_figures(void **state)
{
	static const uint32_t want[TRANSPORT_MAX] = { 5952 + 190, 5557 + 190, 88, 9 };
	struct compiled *compiled = compile_edition("registry/iana-2026-02-13.csv");
	uint32_t shared_ports = 0;

	(void)state;
	for (int transport = 0; transport < TRANSPORT_MAX; transport++) {
		uint32_t named = 0;

		for (uint32_t port = 0; port < PORTS_MAX; port++) {
			const struct assignment *assignment = port_table_find(
				&compiled->table, (enum transport)transport, (uint16_t)port);

			named += assignment->service[0] != '\0';
			shared_ports += assignment->aliases[0] != '\0';
		}
		assert_int_equal(named, want[transport]);
	}
	assert_int_equal(shared_ports, 226);
	compiled_free(compiled);
}

static const struct known_port known_ports[] = {
	{ TRANSPORT_TCP, 0, "", "", STATUS_RESERVED },
	{ TRANSPORT_TCP, 18, "msp", "", STATUS_ASSIGNED },
	{ TRANSPORT_TCP, 80, "http", "www www-http", STATUS_ASSIGNED },
	{ TRANSPORT_TCP, 465, "submissions", "urd", STATUS_ASSIGNED },
	{ TRANSPORT_UDP, 465, "igmpv3lite", "", STATUS_ASSIGNED },
	{ TRANSPORT_TCP, 700, "epp", "", STATUS_ASSIGNED },
	{ TRANSPORT_TCP, 2049, "nfs", "shilp", STATUS_ASSIGNED },
	{ TRANSPORT_SCTP, 2049, "nfs", "", STATUS_ASSIGNED },
	{ TRANSPORT_TCP, 3044, "epp", "", STATUS_ASSIGNED },
	{ TRANSPORT_UDP, 5349, "stuns", "turns stun-behaviors", STATUS_ASSIGNED },
	{ TRANSPORT_TCP, 7775, "inetfs", "", STATUS_ASSIGNED },
	{ TRANSPORT_TCP, 7776, "", "", STATUS_UNASSIGNED },
	{ TRANSPORT_TCP, 7997, "pushns", "", STATUS_ASSIGNED },
	{ TRANSPORT_DCCP, 49151, "", "", STATUS_RESERVED },
	{ TRANSPORT_UDP, 49152, "", "", STATUS_DYNAMIC },
};

static void check_known_ports(const char *name)
{
	struct compiled *compiled = compile_edition(name);

	compiled_check_known(compiled, known_ports, sizeof(known_ports) / sizeof(known_ports[0]));
	compiled_free(compiled);
}

static void traps_of_the_edition_as_csv(void **state)
{
	(void)state;
	check_known_ports("registry/iana-2026-02-13.csv");
}

static void traps_of_the_edition_as_xml(void **state)
{
	(void)state;
	check_known_ports("registry/iana-2026-08-17.xml");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_edition_as_csv_gives_its_figures),
		cmocka_unit_test(traps_of_the_edition_as_csv),
		cmocka_unit_test(traps_of_the_edition_as_xml),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
