/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The head of an HTTP/1 request (RFC 9112), as far as a server of a few documents
 * needs it: GET and HEAD, without a body. Pure, and strict with what is ambiguous.
 */
#ifndef PORTCLASS_HTTP_REQUEST_H
#define PORTCLASS_HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

/* Strings lie in the head, and are never NULL but where it says so. */
struct http_request {
	bool is_head;	 /* HEAD: no body in the reply */
	bool keep_alive; /* another request may follow */
	const char *path;
	const char *query; /* behind the question mark, still encoded */
	const char *accept;
	const char *accept_encoding;
	const char *host; /* HOST or HOST:PORT; NULL: HTTP/1.0 need not say */
};

/* Why a request is not served: the status, and a sentence for people. */
struct http_refusal {
	unsigned int status;
	const char *sentence;
};

/* Bytes of a head, its empty line included; 0: it has not come to its end. */
size_t http_request_head_size(const char *bytes, size_t size);

/*
 * Take a head apart, in place. Returns NULL or what to refuse it with; the
 * connection is to be closed then.
 */
const struct http_refusal *http_request_parse(struct http_request *request, char *head,
					      size_t size);

#endif
