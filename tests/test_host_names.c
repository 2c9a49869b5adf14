// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * What a machine is called: by its own name, by hosts(5), by the settings.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <cmocka.h>

#include "agent/host_names.h"

static const char hosts[] = "127.0.0.1\tlocalhost\n"
			    "127.0.1.1\tdb1.example.org db1 # db1.comment.example db1\n"
			    "# 192.0.2.7 db1.old.example db1\n"
			    "192.0.2.8 db1.other.example\n"
			    "192.0.2.9 db2.example.org db2 db1x.example.org\n"
			    "192.0.2.10 DB1.Lan. other.example DB1\r\n"
			    "192.0.2.11 www.db1.example.org\n"
			    "db1 db1.nobody.example\n";

static const struct {
	const char *node, *domain, *host;
	bool have;
} cases[] = {
	{ "db1", "", "db1", true },
	{ "db1", "", "DB1.:9635", true },
	{ "db1", "", "db1.example.org:9635", true },
	{ "db1", "", "db1.lan", true },
	{ "db1", "", "db1.example.com", false },
	{ "db1", "", "db1.comment.example", false },
	{ "db1", "", "db1.old.example", false },
	{ "db1", "", "db1.other.example", false },
	{ "db1", "", "db1.nobody.example", false },
	{ "db1", "", "other.example", false },
	{ "db1", "", "db2", false },
	{ "db1", "", "db1x.example.org", false },
	{ "db1", "", "www.db1.example.org", false },
	{ "db1", "", "example.org", false },
	{ "db1", "", "", false },
	{ "db1", "nis.example", "db1.nis.example", true },
	{ "db1", "nis.example", "db1.example.org", true },
	{ "db1", "", "db1.nis.example", false },
	{ "db3.example.org", "nis.example", "db3.example.org", true },
	{ "db3.example.org", "nis.example", "db3", true },
	{ "db3.example.org", "nis.example", "db3.nis.example", false },
	{ "db1", "", "127.0.0.1", true },
	{ "db1", "", "[::1]:80", true },
	{ "db1", "", "a.localhost", true },
	{ "db1", "", "given.example:80", true },
	{ "db1", "", "not.given.example", false },
	{ "", "", "evil.example", false },
	{ "\xff", "", "evil.example", false },
};

static void a_machine_has_its_names_and_no_others(void **state)
{
	static const struct words given = { { "Given.Example." }, 1 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct host_names names = { .given = &given };
		FILE *file = fmemopen((void *)hosts, strlen(hosts), "r");

		assert_non_null(file);
		host_names_set(&names, cases[i].node, cases[i].domain);
		host_names_read(&names, file);
		fclose(file);
		if (host_names_have(&names, cases[i].host) != cases[i].have)
			fail_msg("%s: \"%s\" is %sits name", cases[i].node, cases[i].host,
				 cases[i].have ? "not " : "");
	}
}

static void a_name_that_is_set_late_is_noticed(void **state)
{
	struct host_names names = { 0 };
	struct utsname system;

	(void)state;
	assert_int_equal(uname(&system), 0);
	host_names_set(&names, "an-older-name", "");
	assert_true(host_names_have(&names, "an-older-name"));
	assert_true(host_names_have(&names, system.nodename));
	assert_false(host_names_have(&names, "an-older-name"));
}

static void more_names_than_there_is_room_for_do_no_harm(void **state)
{
	struct host_names names = { 0 };
	char line[1024] = "192.0.2.1 db1";
	FILE *file;

	(void)state;
	for (int i = 0; i < 2 * HOST_NAMES_MAX; i++)
		snprintf(line + strlen(line), sizeof(line) - strlen(line), " db1.example%d", i);
	file = fmemopen(line, strlen(line), "r");
	assert_non_null(file);
	host_names_set(&names, "db1", "");
	host_names_read(&names, file);
	fclose(file);
	assert_int_equal(names.count, HOST_NAMES_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_machine_has_its_names_and_no_others),
		cmocka_unit_test(a_name_that_is_set_late_is_noticed),
		cmocka_unit_test(more_names_than_there_is_room_for_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
