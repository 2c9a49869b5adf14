// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Nothing here waits, and what can't be told is lost: whoever asked then takes steps.
 */
#include "agent/notify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

/* A path, or with @ before it a name that is in no file system. */
static bool read_address(struct notify *notify, const char *name)
{
	size_t length = strlen(name);

	if ((name[0] != '/' && name[0] != '@') || !name[1] ||
	    length >= sizeof(notify->address.sun_path))
		return false;
	notify->address.sun_family = AF_UNIX;
	memcpy(notify->address.sun_path, name, length);
	if (name[0] == '@')
		notify->address.sun_path[0] = '\0';
	notify->size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
	return true;
}

static bool read_number(uint64_t *number, const char *variable)
{
	const char *text = getenv(variable);
	char *end;

	if (!text || text[0] < '0' || text[0] > '9')
		return false;
	errno = 0;
	*number = strtoull(text, &end, 10);
	return !errno && !*end;
}

/* Half of the time after which it is taken for dead, in ns; 0: nobody waits for that. */
static uint64_t read_interval(void)
{
	uint64_t process, microseconds;

	if (getenv("WATCHDOG_PID") &&
	    (!read_number(&process, "WATCHDOG_PID") || process != (uint64_t)getpid()))
		return 0;
	if (!read_number(&microseconds, "WATCHDOG_USEC") || microseconds > UINT64_MAX / 1000)
		return 0;
	return microseconds * 1000 / 2;
}

static void open_socket(struct notify *notify, const char *name)
{
	if (!read_address(notify, name)) {
		log_event(LOG_WARNING, NULL, "NOTIFY_SOCKET is no address of a socket: \"%s\"",
			  name);
		return;
	}
	notify->descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (notify->descriptor >= 0) {
		notify->interval = read_interval();
		return;
	}
	log_event(LOG_WARNING, NULL, "make a socket for NOTIFY_SOCKET: %s", strerror(errno));
	notify->size = 0;
}

void notify_open(struct notify *notify)
{
	const char *name = getenv("NOTIFY_SOCKET");

	*notify = (struct notify){ 0 };
	if (name && *name)
		open_socket(notify, name);
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
}

void notify_close(struct notify *notify)
{
	if (notify->size)
		close(notify->descriptor);
	*notify = (struct notify){ 0 };
}

static void tell(const struct notify *notify, const char *words)
{
	if (notify->size && sendto(notify->descriptor, words, strlen(words), MSG_NOSIGNAL,
				   (const struct sockaddr *)&notify->address, notify->size) < 0)
		log_debug("tell the service manager %s: %s", words, strerror(errno));
}

void notify_ready(const struct notify *notify)
{
	tell(notify, "READY=1");
}

void notify_reloading(const struct notify *notify)
{
	char words[64];

	snprintf(words, sizeof(words), "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
		 clock_monotonic() / 1000);
	tell(notify, words);
}

void notify_stopping(const struct notify *notify)
{
	tell(notify, "STOPPING=1");
}

void notify_alive(const struct notify *notify)
{
	tell(notify, "WATCHDOG=1");
}
