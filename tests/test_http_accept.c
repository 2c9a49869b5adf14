// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Which format a client gets.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "http/http_accept.h"

#define OPENMETRICS "application/openmetrics-text"

static const struct {
	const char *name, *accept;
	bool openmetrics;
} cases[] = {
	{ "no header", "", false },
	{ "curl", "*/*", false },
	{ "a browser", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", false },
	{ "Prometheus 2.5", OPENMETRICS ";version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
	  false },
	{ "Prometheus 2.42",
	  OPENMETRICS ";version=1.0.0," OPENMETRICS ";version=0.0.1;q=0.75,"
		      "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
	  true },
	{ "Prometheus 3",
	  OPENMETRICS ";version=1.0.0;escaping=allow-utf-8;q=0.6," OPENMETRICS
		      ";version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
		      "text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
	  true },
	{ "blanks and capitals", " Application/OpenMetrics-Text ; Version = 1.0.0 ", true },
	{ "a quoted version", OPENMETRICS ";version=\"1.0.0\"", true },
	{ "any version", OPENMETRICS, true },
	{ "a later version alone", OPENMETRICS ";version=2.0.0", false },
	{ "text wanted more", OPENMETRICS ";q=0.5,text/plain", false },
	{ "text wanted as much", OPENMETRICS ",text/plain", true },
	{ "anything wanted more", OPENMETRICS ";q=0.5,*/*", false },
	{ "anything, but text less", OPENMETRICS ";q=0.5,text/plain;q=0.1,*/*", true },
	{ "not wanted at all", OPENMETRICS ";q=0", false },
	{ "a weight with three decimals", OPENMETRICS ";q=0.501,text/plain;q=0.500", true },
	{ "a weight that is none", OPENMETRICS ";q=high,text/plain;q=0.001", false },
	{ "a weight above one", OPENMETRICS ";q=7,text/plain;q=0.001", false },
	{ "nothing between commas", ",,;,;q=1,=,;=", false },
	{ "another type that begins like it", OPENMETRICS "-2;version=1.0.0", false },
};

static void clients_get_what_they_want_most(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (http_accepts_openmetrics(cases[i].accept) != cases[i].openmetrics)
			fail_msg("%s: %s", cases[i].name, cases[i].accept);
}

static const struct {
	const char *name, *accept_encoding;
	bool gzip;
} codings[] = {
	{ "no header", "", false },
	{ "Prometheus", "gzip", true },
	{ "browsers", "gzip, deflate, br, zstd", true },
	{ "capitals and blanks", " GZip ; Q = 0.5 ", true },
	{ "anything", "*", true },
	{ "anything but gzip", "*, gzip;q=0", false },
	{ "not wanted", "gzip;q=0", false },
	{ "wanted less", "gzip;q=0.5, identity", false },
	{ "wanted more", "identity;q=0.5, gzip;q=0.6", true },
	{ "another one", "br, x-gzip", false },
	{ "nonsense", ";;q=,=gzip", false },
};

static void gzip_is_sent_to_whom_it_suits(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(codings) / sizeof(codings[0]); i++)
		if (http_accepts_gzip(codings[i].accept_encoding) != codings[i].gzip)
			fail_msg("%s", codings[i].name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clients_get_what_they_want_most),
		cmocka_unit_test(gzip_is_sent_to_whom_it_suits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
