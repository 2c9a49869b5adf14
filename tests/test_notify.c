// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * What a service manager is told, on a socket that is made here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "agent/notify.h"
#include "base/clock.h"

static char name[64];

/* A manager's socket; @name as NOTIFY_SOCKET has it. */
static int listen_at(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	memcpy(address.sun_path, name, strlen(name));
	if (name[0] == '@')
		address.sun_path[0] = '\0';
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&address,
			      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name))),
			 0);
	return fd;
}

static void hears(int fd, const char *words)
{
	char heard[128] = "";

	assert_true(recv(fd, heard, sizeof(heard) - 1, 0) >= 0);
	assert_string_equal(heard, words);
}

static void hears_nothing(int fd)
{
	char heard[128];

	assert_int_equal(recv(fd, heard, sizeof(heard), 0), -1);
}

static void hears_of_a_reload(int fd, uint64_t not_before)
{
	char heard[128] = "";
	uint64_t microseconds;

	assert_true(recv(fd, heard, sizeof(heard) - 1, 0) >= 0);
	assert_int_equal(sscanf(heard, "RELOADING=1\nMONOTONIC_USEC=%" SCNu64, &microseconds), 1);
	assert_in_range(microseconds, not_before / 1000, clock_monotonic() / 1000);
}

static void check_words(void)
{
	uint64_t now = clock_monotonic();
	struct notify notify;
	int fd = listen_at();

	setenv("NOTIFY_SOCKET", name, 1);
	notify_open(&notify);
	assert_null(getenv("NOTIFY_SOCKET"));
	assert_int_equal(notify.interval, 0);
	hears_nothing(fd);
	notify_ready(&notify);
	hears(fd, "READY=1");
	notify_reloading(&notify);
	hears_of_a_reload(fd, now);
	notify_alive(&notify);
	hears(fd, "WATCHDOG=1");
	notify_stopping(&notify);
	hears(fd, "STOPPING=1");
	notify_close(&notify);
	close(fd);
}

static void a_path_is_a_socket(void **state)
{
	(void)state;
	snprintf(name, sizeof(name), "/tmp/portclass-notify-%d", getpid());
	check_words();
	unlink(name);
}

static void a_name_is_a_socket_of_no_file_system(void **state)
{
	(void)state;
	snprintf(name, sizeof(name), "@portclass-notify-%d", getpid());
	check_words();
}

/* Whoever asked is gone, or takes nothing: neither ends this process nor makes it wait. */
static void nobody_is_waited_for(void **state)
{
	struct notify notify;
	int fd;

	(void)state;
	snprintf(name, sizeof(name), "@portclass-notify-%d", getpid());
	setenv("NOTIFY_SOCKET", name, 1);
	notify_open(&notify);
	notify_ready(&notify);
	fd = listen_at();
	for (int i = 0; i < 10000; i++)
		notify_alive(&notify);
	hears(fd, "WATCHDOG=1");
	close(fd);
	notify_alive(&notify);
	notify_close(&notify);
}

static void nobody_asks(void **state)
{
	static const char *const names[] = { NULL, "", "/", "@", "relative", "vsock:2:1234" };
	char long_name[200];
	struct notify notify;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i])
			setenv("NOTIFY_SOCKET", names[i], 1);
		setenv("WATCHDOG_USEC", "1000", 1);
		notify_open(&notify);
		assert_int_equal(notify.size, 0);
		assert_int_equal(notify.interval, 0);
		assert_null(getenv("WATCHDOG_USEC"));
		notify_ready(&notify);
		notify_close(&notify);
	}
	memset(long_name, 'x', sizeof(long_name) - 1);
	long_name[0] = '@';
	long_name[sizeof(long_name) - 1] = '\0';
	setenv("NOTIFY_SOCKET", long_name, 1);
	notify_open(&notify);
	assert_int_equal(notify.size, 0);
}

static const struct watchdog {
	const char *microseconds, *process; /* NULL: not set; "own": this one's */
	uint64_t interval;
} watchdogs[] = {
	{ NULL, NULL, 0 },
	{ "3000000", NULL, 1500000000 },
	{ "3000000", "own", 1500000000 },
	{ "3000000", "99999999", 0 },
	{ "3000000", "", 0 },
	{ "3000000", "many", 0 },
	{ "0", "own", 0 },
	{ "-1", "own", 0 },
	{ "3s", "own", 0 },
	{ "", "own", 0 },
	{ "18446744073709551615", "own", 0 },
	{ "99999999999999999999999", "own", 0 },
};

static void set(const char *variable, const char *value)
{
	char own[16];

	snprintf(own, sizeof(own), "%d", getpid());
	if (value)
		setenv(variable, strcmp(value, "own") == 0 ? own : value, 1);
}

static void signs_of_life_are_for_who_waits_for_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(watchdogs) / sizeof(watchdogs[0]); i++) {
		struct notify notify;

		set("NOTIFY_SOCKET", "@nobody");
		set("WATCHDOG_USEC", watchdogs[i].microseconds);
		set("WATCHDOG_PID", watchdogs[i].process);
		notify_open(&notify);
		if (notify.interval != watchdogs[i].interval)
			fail_msg("row %zu: %" PRIu64, i, notify.interval);
		assert_null(getenv("WATCHDOG_USEC"));
		assert_null(getenv("WATCHDOG_PID"));
		notify_close(&notify);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_is_a_socket),
		cmocka_unit_test(a_name_is_a_socket_of_no_file_system),
		cmocka_unit_test(nobody_is_waited_for),
		cmocka_unit_test(nobody_asks),
		cmocka_unit_test(signs_of_life_are_for_who_waits_for_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
