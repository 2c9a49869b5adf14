// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The figures of a registry file.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include "collect.h"
#include "shared_file.h"
#include "statistics.h"

#define HEADER \
	"Service Name,Port Number,Transport Protocol," \
	"Description,Modification Date,Assignment Notes\n"

/* One figure of struct registry_statistics; all but the first two are size_t. */
struct figure {
	const char *name;
	size_t offset;
	size_t value;
};

/* clang-format off */
#define FIGURE(name, value) { #name, offsetof(struct registry_statistics, name), value }
/* clang-format on */

static size_t value_of(const struct registry_statistics *statistics, const struct figure *figure)
{
	return *(const size_t *)((const char *)statistics + figure->offset);
}

static void check_figures(const char *name, const struct registry_statistics *statistics,
			  const struct figure *figures, size_t count)
{
	size_t wrong = 0;

	for (size_t i = 0; i < count; i++) {
		size_t got = value_of(statistics, &figures[i]);

		if (got == figures[i].value)
			continue;
		print_error("%s: %s is %zu, not %zu\n", name, figures[i].name, got,
			    figures[i].value);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static const struct statistics_case {
	const char *name;
	const char *text;
	struct figure figures[8];
} cases[] = {
	{ "ranges are counted port by port, and once",
	  HEADER "a,10-12,tcp,,,\nb,12-13,tcp,,,\nb,12,tcp,,,\n",
	  { FIGURE(port_ranges, 2), FIGURE(single_ports, 1), FIGURE(named_with_port, 3),
	    FIGURE(named_ports[TRANSPORT_TCP], 4), FIGURE(named_ports_read, 4),
	    FIGURE(shared_ports, 1), FIGURE(unlisted_ports, 49152 - 4), FIGURE(names, 2) } },
	{ "a range of one port is written as a range",
	  HEADER ",7-7,,Unassigned,,\n",
	  { FIGURE(port_ranges, 1), FIGURE(single_ports, 0), FIGURE(unassigned, 1),
	    FIGURE(nameless_without_transport, 1), FIGURE(unlisted_ports, 49151),
	    FIGURE(named_ports_read, 0), FIGURE(names, 0), FIGURE(longest_name, 0) } },
	{ "a named blank is tcp and udp",
	  HEADER "a,10,,,,\na,10,tcp,,,\nb,10,udp,,,\n",
	  { FIGURE(named_ports_without_transport, 1), FIGURE(named_ports[TRANSPORT_TCP], 1),
	    FIGURE(named_ports[TRANSPORT_UDP], 1), FIGURE(named_ports_read, 2),
	    FIGURE(shared_ports, 1), FIGURE(shared_ports_unmarked, 1), FIGURE(without_transport, 1),
	    FIGURE(transports[TRANSPORT_UDP], 1) } },
	{ "a mark of alias",
	  HEADER "a,10,tcp,,,\nb,10,tcp,,,\"This entry is an alias to \"\"a\"\".\"\nc,,,,,\n",
	  { FIGURE(alias_records, 1), FIGURE(shared_ports, 1), FIGURE(shared_ports_unmarked, 0),
	    FIGURE(names, 3), FIGURE(names_with_port, 2), FIGURE(without_port, 1),
	    FIGURE(named_with_port, 2), FIGURE(invalid_names, 0) } },
	{ "a name with and without a port is one with",
	  HEADER "a,,,,,\na,10,tcp,,,\na_b,,,,,\na_b,11,tcp,,,\n",
	  { FIGURE(names, 2), FIGURE(names_with_port, 2), FIGURE(longest_name, 3),
	    FIGURE(invalid_names, 1), FIGURE(invalid_name_records, 2), FIGURE(records, 4),
	    FIGURE(without_port, 2), FIGURE(multi_line_records, 0) } },
	{ "twins",
	  HEADER "a,10,tcp,,,\n,10,udp,Reserved,,\n,11,udp,Reserved,,\n,10,,Reserved,,\n"
		 ",10-10,udp,Reserved,,\n,12,udp,\"Removed\nin 2001\",,\n",
	  { FIGURE(reserved, 4), FIGURE(reserved_twins, 1), FIGURE(free_form, 1),
	    FIGURE(nameless_with_transport, 4), FIGURE(nameless_without_transport, 1),
	    FIGURE(multi_line_records, 1), FIGURE(unassigned, 0), FIGURE(records, 6) } },
	{ "class borders",
	  HEADER "a,1023-1024,tcp,,,\nb,49151-49152,tcp,,,\nc,65535,tcp,,,\nd,1024-49151,udp,,,\n",
	  { FIGURE(crossing_ranges, 2), FIGURE(dynamic_records, 2), FIGURE(unlisted_ports, 1023),
	    FIGURE(reversed_ranges, 0), FIGURE(port_ranges, 3), FIGURE(single_ports, 1),
	    FIGURE(named_ports[TRANSPORT_TCP], 5), FIGURE(named_ports[TRANSPORT_UDP], 48128) } },
};

static void small_files_have_the_figures_that_one_counts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct registry_statistics statistics;
		struct registry registry;
		struct collect collect;

		assert_int_equal(collect_parse(&collect, &registry, "csv", cases[i].text), 0);
		assert_int_equal(collect.count, 0);
		assert_int_equal(statistics_compute(&statistics, &registry), 0);
		check_figures(cases[i].name, &statistics, cases[i].figures, 8);
		registry_close(&registry);
	}
}

/* As counted by others, by other means. */
static const struct figure iana_figures[] = {
	FIGURE(records, 14499),
	FIGURE(multi_line_records, 444),
	FIGURE(transports[TRANSPORT_TCP], 6586),
	FIGURE(transports[TRANSPORT_UDP], 6345),
	FIGURE(transports[TRANSPORT_SCTP], 93),
	FIGURE(transports[TRANSPORT_DCCP], 11),
	FIGURE(without_transport, 1464),
	FIGURE(single_ports, 12682),
	FIGURE(port_ranges, 762),
	FIGURE(without_port, 1055),
	FIGURE(reversed_ranges, 0),
	FIGURE(crossing_ranges, 0),
	FIGURE(dynamic_records, 0),
	FIGURE(unlisted_ports, 0),
	FIGURE(named_with_port, 11724),
	FIGURE(named_ports[TRANSPORT_TCP], 5952),
	FIGURE(named_ports[TRANSPORT_UDP], 5557),
	FIGURE(named_ports[TRANSPORT_SCTP], 88),
	FIGURE(named_ports[TRANSPORT_DCCP], 9),
	FIGURE(named_ports_without_transport, 190),
	FIGURE(named_ports_read, 11986),
	FIGURE(names, 7305),
	FIGURE(names_with_port, 6332),
	FIGURE(longest_name, 15),
	FIGURE(alias_records, 184),
	FIGURE(shared_ports, 226),
	FIGURE(shared_ports_unmarked, 42),
	FIGURE(invalid_names, 97),
	FIGURE(invalid_name_records, 185),
	FIGURE(nameless_with_transport, 853),
	FIGURE(nameless_without_transport, 867),
	FIGURE(unassigned, 880),
	FIGURE(reserved, 807),
	FIGURE(reserved_twins, 753),
	FIGURE(free_form, 33),
};

static void the_real_file_has_its_figures(void **state)
{
	struct diagnostics diagnostics = { 0 };
	struct registry_statistics statistics;
	struct registry registry;
	char path[512];

	(void)state;
	if (!shared_file(path, sizeof(path), "registry/iana-2026-02-13.csv"))
		skip();
	assert_int_equal(registry_read(&registry, path, NULL, &diagnostics), 0);
	assert_int_equal(statistics_compute(&statistics, &registry), 0);
	check_figures("iana-2026-02-13.csv", &statistics, iana_figures,
		      sizeof(iana_figures) / sizeof(*iana_figures));
	assert_int_equal(statistics.lines, 15368);
	assert_int_equal(statistics.columns, 12);
	registry_close(&registry);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_files_have_the_figures_that_one_counts),
		cmocka_unit_test(the_real_file_has_its_figures),
	};

	return cmocka_run_group_tests_name("statistics", tests, NULL, NULL);
}
