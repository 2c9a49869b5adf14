/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * An HTTP server in a process of its own, and a client to annoy it with.
 */
#ifndef PORTCLASS_TEST_HTTP_CHILD_H
#define PORTCLASS_TEST_HTTP_CHILD_H

#include <netinet/in.h>
#include <stddef.h>
#include <sys/types.h>

#include "http/http_server.h"

struct http_child {
	pid_t pid;
	in_port_t port; /* on loopback, host byte order */
};

/* What serves: open on a free port of loopback and return that; close all of it. */
struct http_service {
	in_port_t (*open)(struct event_base *base);
	void (*close)(void);
};

void http_child_start(struct http_child *child, const struct http_service *service);

/* Fails unless it ends well: no failed assertion, no leak. */
void http_child_stop(struct http_child *child);

/* A connection to it; what it does not say within seconds is a failure. */
int http_child_connect(const struct http_child *child);

/* Send; -1 if the other side has closed. Never a signal. */
int http_child_send(int fd, const void *bytes, size_t size);

/* All that comes until the other side closes, as a string to free; closes @fd. */
char *http_child_receive(int fd);

/* Connect, send @text, and receive all there is. */
char *http_child_exchange(const struct http_child *child, const char *text);

#endif
