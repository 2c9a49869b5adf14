/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * HTTP/1 on a socket, for a few clients that mean well and any number that do
 * not: heads, times, connections and memory are bounded. Whoever comes last is
 * served; what makes room is the connection that has done nothing for longest.
 *
 * libevent's own evhttp can bound neither connections nor the time that a request
 * takes to arrive.
 */
#ifndef PORTCLASS_HTTP_SERVER_H
#define PORTCLASS_HTTP_SERVER_H

#include <stddef.h>
#include <stdint.h>

#include "http/http_request.h"

struct event_base;
struct evbuffer;
struct http_address;
struct http_body;
struct http_server;

struct http_limits {
	size_t connections;    /* open at once */
	size_t unsent;	       /* bytes kept of replies that clients have not taken yet */
	unsigned int patience; /* seconds for a request to arrive, a reply to be taken */
};

#define HTTP_LIMITS_DEFAULT \
	{ \
		.connections = 512, .unsent = 8 * 1024 * 1024, .patience = 10 \
	}

/* Bytes of a request's head, at most. */
#define HTTP_HEAD_MAX 8192

struct http_reply {
	unsigned int status;
	const char *type;	/* media type */
	const char *policy;	/* Content-Security-Policy; NULL: nothing may be loaded */
	struct evbuffer *body;	/* the server's; empty at first */
	struct http_body *made; /* instead of it, held for the server; NULL at first */
};

/*
 * Fill @reply, whose status is 200 and whose type is plain text if left so. false: there is
 * nothing to say yet; http_server_resume() has it asked again.
 */
typedef bool http_answer(void *context, const struct http_request *request,
			 struct http_reply *reply);

/* Listen. Returns 0 or -errno, said. @context is @answer's. */
int http_server_open(struct http_server **opened, struct event_base *base,
		     const struct http_address *address, const struct http_limits *limits,
		     http_answer *answer, void *context);

/* Ask again for every reply that is waited for. */
void http_server_resume(struct http_server *server);

/* Close every connection. NULL is fine. */
void http_server_close(struct http_server *server);

/* Where it listens: the port too that the kernel chose. */
struct http_address http_server_address(const struct http_server *server);

#endif
