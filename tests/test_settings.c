// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Settings: which place wins, and which interfaces the patterns want.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "agent/settings.h"
#include "text.h"

static char path[] = "/tmp/portclass-settings-XXXXXX";

static void write_file(const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

/* The words and "config FILE", unless they are refused before it. */
static int open_settings(struct settings *settings, const char *words)
{
	static char storage[512];
	char *argv[32] = { "config", path }, *rest = NULL;
	int argc = 2;

	snprintf(storage, sizeof(storage), "%s", words);
	for (char *word = strtok_r(storage, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		argv[argc++] = word;
	return settings_open(settings, "agent check", argc, argv);
}

static void forget_environment(void)
{
	static const char *const names[] = { "PORTCLASS_DEV",	    "PORTCLASS_SERIES",
					     "PORTCLASS_LISTEN",    "PORTCLASS_DETACH_ON_EXIT",
					     "PORTCLASS_EPHEMERAL", "PORTCLASS_CONFIG",
					     "PORTCLASS_HOST" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unsetenv(names[i]);
}

static const struct precedence {
	const char *name;
	const char *file;
	const char *variable, *value;
	const char *words;
	const char *want; /* a line of settings_write() */
} precedences[] = {
	{ "a default", "", NULL, NULL, "", "series 256\n" },
	{ "the file", "series 1\n", NULL, NULL, "", "series 1\n" },
	{ "the environment over the file", "series 1\n", "PORTCLASS_SERIES", "2", "",
	  "series 2\n" },
	{ "the words over both", "series 1\n", "PORTCLASS_SERIES", "2", "series 3", "series 3\n" },
	{ "an empty variable says nothing", "series 1\n", "PORTCLASS_SERIES", "", "",
	  "series 1\n" },
	{ "a list is replaced, not continued", "dev a\ndev b\n", "PORTCLASS_DEV", "c d", "",
	  "dev c\ndev d\nmode" },
	{ "by the words too", "dev a\n", "PORTCLASS_DEV", "c d", "dev e dev f",
	  "dev e\ndev f\nmode" },
	{ "a flag of the environment", "", "PORTCLASS_DETACH_ON_EXIT", "true", "",
	  "detach-on-exit\n" },
	{ "another one", "", "PORTCLASS_TAKE_OVER", "yes", "", "take-over\n" },
	{ "a flag of the file", "take-over\n", NULL, NULL, "", "take-over\n" },
	{ "a flag of the words", "", NULL, NULL, "take-over", "take-over\n" },
	{ "blanks, comments, empty lines", "\n  # dev x\n\tephemeral \t 40000-50000  \r\n\n", NULL,
	  NULL, "", "ephemeral 40000-50000\n" },
	{ "no line end at the end", "series 5", NULL, NULL, "", "series 5\n" },
	{ "names of hosts", "host a.example\nhost b.example.\n", NULL, NULL, "",
	  "host a.example\nhost b.example.\n" },
	{ "names of hosts in the environment", "host c\n", "PORTCLASS_HOST", "a b.example", "",
	  "host a\nhost b.example\n" },
	{ "a value with blanks in it", "overlay /etc/my names\n", NULL, NULL, "",
	  "overlay /etc/my names\n" },
};

static void check_precedence(const struct precedence *row)
{
	struct settings settings;
	char *text = NULL;
	size_t size = 0;
	FILE *to;

	forget_environment();
	write_file(row->file);
	if (row->variable)
		setenv(row->variable, row->value, 1);
	if (open_settings(&settings, row->words))
		fail_msg("%s: refused", row->name);
	to = open_memstream(&text, &size);
	settings_write(to, &settings);
	fclose(to);
	if (!strstr(text, row->want))
		fail_msg("%s: no \"%s\" in \"%s\"", row->name, row->want, text);
	free(text);
	settings_close(&settings);
}

static void the_nearest_place_wins(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(precedences) / sizeof(precedences[0]); i++)
		check_precedence(&precedences[i]);
}

#define SIXTY_FOUR "1234567890123456789012345678901234567890123456789012345678901234"

static const struct refusal {
	const char *name;
	const char *file;
	const char *variable, *value;
	const char *words;
	const char *want; /* in what is said */
} refusals[] = {
	{ "an unknown keyword", "\ncolour red\n", NULL, NULL, "", ":2: \"colour\"" },
	{ "a keyword twice", "series 1\nseries 2\n", NULL, NULL, "", ":2: series" },
	{ "a keyword without a value", "listen\n", NULL, NULL, "", ":1: listen" },
	{ "a flag with one", "detach-on-exit no\n", NULL, NULL, "", ":1: \"no\"" },
	{ "another file", "config x\n", NULL, NULL, "", ":1: \"config\"" },
	{ "a bad number in the environment", "", "PORTCLASS_SERIES", "x", "",
	  "PORTCLASS_SERIES: series \"x\"" },
	{ "a bad pattern", "", NULL, NULL, "dev a/b", "dev \"a/b\"" },
	{ "a bad pattern in the file", "\ndev eth0 eth1\n", NULL, NULL, "",
	  ":2: dev \"eth0 eth1\"" },
	{ "an address without sense in the file", "listen here\n", NULL, NULL, "", ":1: listen" },
	{ "an address without sense in the environment", "", "PORTCLASS_LISTEN", "here", "",
	  "PORTCLASS_LISTEN: listen \"here\"" },
	{ "a name that is too long", "except " SIXTY_FOUR SIXTY_FOUR "\n", NULL, NULL, "",
	  "except" },
	{ "an address without sense", "", NULL, NULL, "listen here", "listen \"here\"" },
	{ "a host with a port", "host a.example:9635\n", NULL, NULL, "", ":1: host" },
	{ "a pattern of hosts", "", NULL, NULL, "host *.example", "host \"*.example\"" },
	{ "ports that end before they begin", "ephemeral 2-1\n", NULL, NULL, "", ":1: ephemeral" },
	{ "an escape, which no terminal gets", "\033[2Jred\n", NULL, NULL, "",
	  ":1: \"\\x1b[2Jred\"" },
	{ "neither does it from the words", "", NULL, NULL, "dev a/\x9b\x7f", "\"a/\\x9b\\x7f\"" },
};

static void check_refusal(const struct refusal *row)
{
	struct settings settings;
	char shown[4096];
	const char *said;
	int err;

	forget_environment();
	write_file(row->file);
	if (row->variable)
		setenv(row->variable, row->value, 1);
	log_hold();
	err = open_settings(&settings, row->words);
	said = text_show(shown, sizeof(shown), log_release());
	if (err != OUTCOME_USAGE || !strstr(said, row->want))
		fail_msg("%s: %d, \"%s\"", row->name, err, said);
}

static void mistakes_are_told_with_their_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		check_refusal(&refusals[i]);
}

static void a_nul_byte_is_refused(void **state)
{
	FILE *file = fopen(path, "w");
	struct settings settings;

	(void)state;
	forget_environment();
	assert_non_null(file);
	fwrite("series 5\nseries\0 6\n", 1, 19, file);
	assert_int_equal(fclose(file), 0);
	log_hold();
	assert_int_equal(open_settings(&settings, ""), OUTCOME_USAGE);
	assert_non_null(strstr(log_release(), "a NUL byte"));
}

/* A line as long as the file may be, then one byte more. */
static void a_file_without_end_is_refused(void **state)
{
	FILE *file = fopen(path, "w");
	struct settings settings;

	(void)state;
	forget_environment();
	assert_non_null(file);
	for (int i = 0; i < 128 * 1024; i++)
		fputc('#', file);
	fflush(file);
	assert_int_equal(open_settings(&settings, ""), 0);
	settings_close(&settings);
	fputc('#', file);
	assert_int_equal(fclose(file), 0);
	log_hold();
	assert_int_equal(open_settings(&settings, ""), OUTCOME_USAGE);
	assert_non_null(strstr(log_release(), "larger than 128 KiB"));
}

static const struct wish {
	const char *name;
	const char *words;
	const char *interface;
	bool loopback, default_route, want;
} wishes[] = {
	{ "the default route's", "", "eth0", false, true, true },
	{ "not another's", "", "eth1", false, false, false },
	{ "a default route by loopback", "", "lo", true, true, false },
	{ "but not those excepted", "except eth*", "eth0", false, true, false },
	{ "a pattern", "dev eth*", "eth0", false, false, true },
	{ "a pattern is the whole name", "dev eth", "eth0", false, true, false },
	{ "one of several", "dev wl* dev en[ps]*", "enp3s0", false, false, true },
	{ "an exception wins", "dev eth* except eth1", "eth1", false, false, false },
	{ "a pattern does not mean loopback", "dev *", "lo", true, false, false },
	{ "its name does", "dev * dev lo", "lo", true, false, true },
	{ "a name that looks like a pattern", "dev a[0]", "a[0]", false, false, true },
	{ "and what that pattern means", "dev a[0]", "a0", false, false, true },
	{ "a name that is no pattern at all", "dev \\", "\\", false, false, true },
	{ "such a name excepted", "dev a* except a[0]", "a[0]", false, false, false },
};

static void patterns_choose_interfaces(void **state)
{
	(void)state;
	forget_environment();
	write_file("");
	for (size_t i = 0; i < sizeof(wishes) / sizeof(wishes[0]); i++) {
		const struct wish *row = &wishes[i];
		struct settings settings;

		assert_int_equal(open_settings(&settings, row->words), 0);
		if (settings_want(&settings, row->interface, row->loopback, row->default_route) !=
		    row->want)
			fail_msg("%s", row->name);
		settings_close(&settings);
	}
}

static void a_named_file_must_be_there(void **state)
{
	char *argv[] = { "config", "/nonexistent/agent.conf" };
	struct settings settings;

	(void)state;
	log_hold();
	assert_int_equal(settings_open(&settings, "agent check", 2, argv), OUTCOME_USAGE);
	assert_non_null(strstr(log_release(), "/nonexistent/agent.conf"));
}

static int make_file(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_nearest_place_wins),
		cmocka_unit_test(mistakes_are_told_with_their_place),
		cmocka_unit_test(a_nul_byte_is_refused),
		cmocka_unit_test(a_file_without_end_is_refused),
		cmocka_unit_test(patterns_choose_interfaces),
		cmocka_unit_test(a_named_file_must_be_there),
	};

	return cmocka_run_group_tests_name("settings", tests, make_file, remove_file);
}
