// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Where to listen, as people write it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "http/http_address.h"

static const struct {
	const char *text;
	const char *address; /* NULL: it is none */
} cases[] = {
	{ "127.0.0.1:9635", "127.0.0.1:9635" },
	{ "0.0.0.0:80", "0.0.0.0:80" },
	{ "192.0.2.1", "192.0.2.1:9635" },
	{ "[::1]:9635", "[::1]:9635" },
	{ "[2001:db8::1]", "[2001:db8::1]:9635" },
	{ "[2001:0db8:0000:0000:0000:0000:0000:0001]:1", "[2001:db8::1]:1" },
	{ "[::ffff:192.0.2.1]:1", "[::ffff:192.0.2.1]:1" },
	{ ":9635", "[::]:9635" },
	{ "9635", "127.0.0.1:9635" },
	{ "80", "127.0.0.1:80" },
	{ "[192.0.2.10]:9635", "192.0.2.10:9635" },
	{ "[127.0.0.1]", "127.0.0.1:9635" },
	{ "[0.0.0.0]:80", "0.0.0.0:80" },
	{ "[fe80::1%lo]:80", "[fe80::1%lo]:80" },
	{ "localhost", "127.0.0.1:9635" },
	{ "localhost:80", "127.0.0.1:80" },
	{ "127.0.0.1:0", "127.0.0.1:0" },
	{ "127.0.0.1:65535", "127.0.0.1:65535" },
	{ "", NULL },
	{ ":", NULL },
	{ "127.0.0.1:", NULL },
	{ "127.0.0.1:65536", NULL },
	{ "127.0.0.1:-1", NULL },
	{ "127.0.0.1:80-81", NULL },
	{ "127.0.0.1:80 ", NULL },
	{ "127.0.0.1: 80", NULL },
	{ "127.0.0.1:80:81", NULL },
	{ "127.0.0:80", NULL },
	{ "256.0.0.1:80", NULL },
	{ "65536", NULL },
	{ "::1", NULL },
	{ "::1:9635", NULL },
	{ "[::1", NULL },
	{ "[::1]9635", NULL },
	{ "[::1]:", NULL },
	{ "[]:80", NULL },
	{ "[127.0.0]:80", NULL },
	{ "[localhost]:80", NULL },
	{ "[192.0.2.10]9635", NULL },
	{ "[::1%lo]:80", NULL },
	{ "[fe80::1]:80", NULL },
	{ "[fe80::1%]:80", NULL },
	{ "[fe80::1%no such one]:80", NULL },
	{ "[127.0.0.1%lo]:80", NULL },
	{ "example.org:80", NULL },
	{ "[0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0001]:80", NULL },
};

static void texts_are_addresses_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[HTTP_ADDRESS_SIZE];
		struct http_address address;
		bool is_one = http_address_parse(&address, cases[i].text);

		if (is_one != (cases[i].address != NULL))
			fail_msg("\"%s\" is %s", cases[i].text, is_one ? "taken" : "refused");
		if (is_one)
			assert_string_equal(http_address_write(text, &address), cases[i].address);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(texts_are_addresses_or_refused) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
