// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The agent's settings, from its file and from the environment: what was read is
 * written, read again and written, and both say the same. Then what the words are
 * made of: patterns of interfaces, ports, addresses.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "http/http_address.h"
#include "http/http_host.h"
#include "base/log.h"
#include "base/port_range.h"
#include "agent/settings.h"
#include "text.h"

#include "fuzz.h"

#define VARIABLE "PORTCLASS_EXCEPT"

/* Read @size bytes as the file; returns the settings as text, NULL: refused. */
static char *read_file(struct settings *settings, const void *bytes, size_t size)
{
	int file = memfd_create("settings", MFD_CLOEXEC);
	char path[64], shown[4096], *argv[] = { "config", path }, *text = NULL;
	size_t length;
	int err;

	fuzz_check(file >= 0 && write(file, bytes, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	log_hold();
	err = settings_open(settings, "agent check", 2, argv);
	close(file);
	fuzz_check(fuzz_is_printable(text_show(shown, sizeof(shown), log_release())));
	fuzz_check(!err || err == OUTCOME_USAGE);
	if (!err) {
		FILE *to = open_memstream(&text, &length);

		settings_write(to, settings);
		fclose(to);
	}
	return text;
}

static void check_values(const struct settings *settings)
{
	static const char *const names[] = { "lo", "eth0", "veth01234567890", "*", "[", "\\" };
	const struct port_range *ephemeral = &settings->table.ephemeral;
	FILE *to;

	fuzz_check(settings->hook < hook_count() && settings->count_by < COUNT_BY_MAX);
	fuzz_check(settings->series >= 1 && settings->log_format < LOG_FORMAT_MAX);
	fuzz_check(ephemeral->first <= ephemeral->last);
	fuzz_check(settings->wanted.count <= WORDS_MAX && settings->unwanted.count <= WORDS_MAX);
	for (size_t i = 0; i < settings->hosts.count; i++)
		fuzz_check(http_host_is_called(settings->hosts.words[i], settings->hosts.words[i]));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		bool loopback = settings_want(settings, names[i], true, false);

		fuzz_check(!loopback || settings_want(settings, names[i], false, false));
	}
	to = fopen("/dev/null", "w");
	fuzz_check(to);
	settings_json(to, settings, false);
	fclose(to);
}

static void check_file(const uint8_t *bytes, size_t size)
{
	struct settings settings, again;
	char *text = read_file(&settings, bytes, size), *same;

	if (!text)
		return;
	check_values(&settings);
	same = read_file(&again, text, strlen(text));
	fuzz_check(same && !strcmp(same, text));
	settings_close(&again);
	settings_close(&settings);
	free(same);
	free(text);
}

static void check_environment(const char *value)
{
	struct settings settings;
	char *text;

	setenv(VARIABLE, value, 1);
	text = read_file(&settings, "", 0);
	unsetenv(VARIABLE);
	if (text)
		settings_close(&settings);
	free(text);
}

/* Either they are ports, or there is a fault to tell, or they are no numbers at all. */
static void check_ports(const char *text)
{
	char written[PORT_RANGE_SIZE];
	struct port_range range, again;
	bool is_range = port_range_parse(&range, text, strlen(text));

	fuzz_check(!is_range || !port_range_fault(text, strlen(text)));
	if (!is_range)
		return;
	port_range_write(written, range.first, range.last);
	fuzz_check(port_range_parse(&again, written, strlen(written)));
	fuzz_check(range.first == again.first && range.last == again.last);
}

static void check_address(const char *text)
{
	char written[HTTP_ADDRESS_SIZE];
	struct http_address address, again;

	if (!http_address_parse(&address, text))
		return;
	fuzz_check(http_address_parse(&again, http_address_write(written, &address)));
	fuzz_check(address.size == again.size && !memcmp(&address.any, &again.any, again.size));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char *text = fuzz_string(bytes, size);

	check_file(bytes, size);
	check_environment(text);
	check_ports(text);
	check_address(text);
	free(text);
	return 0;
}
