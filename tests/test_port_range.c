// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Ports as people write them, and what is wrong with those that are none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include "base/port_range.h"

#define REVERSED "reversed"
#define TOO_HIGH "65535"

static const struct text {
	const char *text;
	bool valid;
	struct port_range ports;
	const char *fault; /* in what is said; NULL: this is no attempt at ports */
} texts[] = {
	{ "0", true, { 0, 0 }, NULL },
	{ "65535", true, { 65535, 65535 }, NULL },
	{ "6000-6063", true, { 6000, 6063 }, NULL },
	{ "80-80", true, { 80, 80 }, NULL },
	{ "0080", true, { 80, 80 }, NULL },
	{ "65536", .fault = TOO_HIGH },
	{ "80-65536", .fault = TOO_HIGH },
	{ "65536-80", .fault = TOO_HIGH },
	{ "18446744073709551616", .fault = TOO_HIGH },
	{ "4294967376", .fault = TOO_HIGH },
	{ "90-80", .fault = REVERSED },
	{ "", .fault = NULL },
	{ "-", .fault = NULL },
	{ "80-", .fault = NULL },
	{ "-80", .fault = NULL },
	{ "80-90-100", .fault = NULL },
	{ "6a44", .fault = NULL },
	{ "https", .fault = NULL },
};

static void texts_are_ports_or_have_a_fault(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const struct text *row = &texts[i];
		const char *fault = port_range_fault(row->text, strlen(row->text));
		struct port_range ports = { 1, 2 };

		if (port_range_parse(&ports, row->text, strlen(row->text)) != row->valid)
			fail_msg("'%s' is %s", row->text, row->valid ? "refused" : "taken");
		if (row->valid &&
		    (ports.first != row->ports.first || ports.last != row->ports.last))
			fail_msg("'%s' is %u-%u", row->text, ports.first, ports.last);
		if (!row->valid && (ports.first != 1 || ports.last != 2))
			fail_msg("'%s' is refused, but its ports are set", row->text);
		if (!row->fault != !fault || (fault && !strstr(fault, row->fault)))
			fail_msg("'%s' has the fault: %s", row->text, fault ? fault : "none");
	}
}

static void only_so_many_bytes_are_looked_at(void **state)
{
	struct port_range ports;

	(void)state;
	assert_true(port_range_parse(&ports, "443/tcp", 3));
	assert_int_equal(ports.last, 443);
	assert_true(port_range_parse(&ports, "80-9000", 5));
	assert_int_equal(ports.last, 90);
	assert_null(port_range_fault("80-70/tcp", 2));
	assert_non_null(port_range_fault("80-70/tcp", 5));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_ports_or_have_a_fault),
		cmocka_unit_test(only_so_many_bytes_are_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
