/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Tells who started this process how it is, by systemd's protocol (sd_notify(3)): datagrams
 * to the socket that NOTIFY_SOCKET names. Where nobody asks, nothing is said.
 */
#ifndef PORTCLASS_NOTIFY_H
#define PORTCLASS_NOTIFY_H

#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

/* A zeroed one is closed, and tells nobody. */
struct notify {
	struct sockaddr_un address;
	socklen_t size;	   /* of it; 0: nobody asks */
	int descriptor;	   /* of the socket, where somebody does */
	uint64_t interval; /* ns from a sign of life to the next; 0: none is asked for */
};

/* By the environment, which has none of it afterwards: a child shall not answer for us. */
void notify_open(struct notify *notify);
void notify_close(struct notify *notify);

/* It is up, or up again. */
void notify_ready(const struct notify *notify);

/* Its files are read anew, until notify_ready(). */
void notify_reloading(const struct notify *notify);

/* It ends. */
void notify_stopping(const struct notify *notify);

/* It lives: to be called each @interval, from the loop that must not be stuck. */
void notify_alive(const struct notify *notify);

#endif
