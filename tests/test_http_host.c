// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Whom a request is for: which hosts are fixed, which are names, and which are a given one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "http/http_host.h"

static const struct {
	const char *host;
	bool valid, fixed;
	const char *name; /* NULL: no server can be called so */
} cases[] = {
	{ "127.0.0.1", true, true, "127.0.0.1" },
	{ "127.0.0.1:9635", true, true, "127.0.0.1" },
	{ "192.0.2.10:1", true, true, "192.0.2.10" },
	{ "192.0.2.10.", true, true, "192.0.2.10" },
	{ "[::1]", true, true, NULL },
	{ "[2001:DB8::1]:9635", true, true, NULL },
	{ "[::ffff:192.0.2.1]:80", true, true, NULL },
	{ "[fe80::1%25eth0]:80", true, true, NULL },
	{ "localhost", true, true, "localhost" },
	{ "LocalHost:80", true, true, "localhost" },
	{ "localhost.", true, true, "localhost" },
	{ "a.localhost:9635", true, true, "a.localhost" },
	{ "a.b.LOCALHOST.", true, true, "a.b.localhost" },
	{ "a:", true, false, "a" },
	{ "Evil.Example.:9635", true, false, "evil.example" },
	{ "localhost.evil.example", true, false, "localhost.evil.example" },
	{ "notlocalhost", true, false, "notlocalhost" },
	{ "localhost-a", true, false, "localhost-a" },
	{ "127.0.0.1.evil.example", true, false, "127.0.0.1.evil.example" },
	{ "127.1", true, false, "127.1" },
	{ "256.0.0.1", true, false, "256.0.0.1" },
	{ "0x7f000001", true, false, "0x7f000001" },
	{ "xn--bcher-kva.example", true, false, "xn--bcher-kva.example" },
	{ "under_score", true, false, "under_score" },
	{ "[127.0.0.1]", true, false, NULL },
	{ "[localhost]", true, false, NULL },
	{ "[::1.evil.example]", true, false, NULL },
	{ "[v1.a]", true, false, NULL },
	{ "[]", true, false, NULL },
	{ "", true, false, NULL },
	{ ":80", true, false, NULL },
	{ ".", true, false, NULL },
	{ ".a", true, false, NULL },
	{ "a..b", true, false, NULL },
	{ "a..", true, false, NULL },
	{ "a;b'c$(d)", true, false, NULL },
	{ "a%20b", true, false, NULL },
	{ "::1", false, false, NULL },
	{ "[::1", false, false, NULL },
	{ "[::1]80", false, false, NULL },
	{ "a:b", false, false, NULL },
	{ "a:80:", false, false, NULL },
	{ "a b", false, false, NULL },
	{ "a/b", false, false, NULL },
	{ "a@b", false, false, NULL },
	{ "a\"", false, false, NULL },
	{ "a\xc3\xa9", false, false, NULL },
};

static void hosts_are_what_they_are(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *host = cases[i].host;
		char name[HTTP_HOST_NAME_SIZE];

		if (http_host_is_valid(host) != cases[i].valid)
			fail_msg("\"%s\" is %svalid", host, cases[i].valid ? "not " : "");
		if (!cases[i].valid)
			continue;
		if (http_host_is_fixed(host) != cases[i].fixed)
			fail_msg("\"%s\" is %sfixed", host, cases[i].fixed ? "not " : "");
		if (http_host_name(name, host) != (cases[i].name != NULL))
			fail_msg("\"%s\" is %sa name", host, cases[i].name ? "not " : "");
		if (cases[i].name)
			assert_string_equal(name, cases[i].name);
	}
}

static void a_name_has_no_case_no_port_and_no_last_dot(void **state)
{
	(void)state;
	assert_true(http_host_is_called("db1.example.org", "db1.example.org"));
	assert_true(http_host_is_called("DB1.Example.org:80", "db1.example.ORG"));
	assert_true(http_host_is_called("db1.example.org.:80", "db1.example.org"));
	assert_true(http_host_is_called("db1.example.org", "db1.example.org."));
	assert_false(http_host_is_called("db1.example.org", "db1"));
	assert_false(http_host_is_called("db1", "db1.example.org"));
	assert_false(http_host_is_called("db12", "db1"));
	assert_false(http_host_is_called("[db1]", "db1"));
	assert_false(http_host_is_called("", "db1"));
}

static void names_to_be_called_by(void **state)
{
	char longest[HTTP_HOST_NAME_SIZE + 1];

	(void)state;
	assert_true(http_host_is_name("db1"));
	assert_true(http_host_is_name("portclass.monitoring.svc.cluster.local."));
	assert_false(http_host_is_name(""));
	assert_false(http_host_is_name("db1:80"));
	assert_false(http_host_is_name("*.example.org"));
	assert_false(http_host_is_name("http://db1"));
	assert_false(http_host_is_name("db1 db2"));
	assert_false(http_host_is_name("[::1]"));
	memset(longest, 'a', sizeof(longest));
	longest[HTTP_HOST_NAME_SIZE] = '\0';
	assert_false(http_host_is_name(longest));
	longest[HTTP_HOST_NAME_SIZE - 1] = '\0';
	assert_true(http_host_is_name(longest));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_are_what_they_are),
		cmocka_unit_test(a_name_has_no_case_no_port_and_no_last_dot),
		cmocka_unit_test(names_to_be_called_by),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
