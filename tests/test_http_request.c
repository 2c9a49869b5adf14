// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Heads of requests: what is taken, what is refused, and that no byte beyond
 * them is touched.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "http/http_request.h"

#define HOST "Host: a\r\n"
#define GET  "GET / HTTP/1.1\r\n" HOST

/* A string with its size, for those that have a NUL in them. */
#define HEAD(text) text "\r\n", sizeof(text "\r\n") - 1

static const struct taken {
	const char *name, *head;
	size_t size;
	const char *path, *query, *accept;
	bool is_head, keep_alive;
	const char *host;
} taken[] = {
	{ "the least", HEAD(GET), "/", "", "", false, true, "a" },
	{ "HEAD", HEAD("HEAD /metrics HTTP/1.1\r\n" HOST), "/metrics", "", "", true, true, "a" },
	{ "bare line feeds", "GET /a HTTP/1.1\nHost: a\n\n", 25, "/a", "", "", false, true, "a" },
	{ "HTTP/1.0", HEAD("GET / HTTP/1.0\r\n"), "/", "", "", false, false, "none" },
	{ "HTTP/1.0 with a host", HEAD("GET / HTTP/1.0\r\nHost: b\r\n"), "/", "", "", false, false,
	  "b" },
	{ "HTTP/1.0 kept open", HEAD("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n"), "/", "", "",
	  false, true, "none" },
	{ "the last one", HEAD(GET "connection: te, Close\r\n"), "/", "", "", false, false, "a" },
	{ "a word that only begins so", HEAD(GET "Connection: closed\r\n"), "/", "", "", false,
	  true, "a" },
	{ "a query", HEAD("GET /a?q=443/tcp&b? HTTP/1.1\r\n" HOST), "/a", "q=443/tcp&b?", "", false,
	  true, "a" },
	{ "an empty query", HEAD("GET /a? HTTP/1.1\r\n" HOST), "/a", "", "", false, true, "a" },
	{ "a proxy's target", HEAD("GET http://b:1/b?c HTTP/1.1\r\n" HOST), "/b", "c", "", false,
	  true, "b:1" },
	{ "a proxy's target, HTTP/1.0", HEAD("GET HTTP://b/ HTTP/1.0\r\n"), "/", "", "", false,
	  false, "b" },
	{ "an address with a port", HEAD("GET / HTTP/1.1\r\nHost: \t[::1]:9635 \r\n"), "/", "", "",
	  false, true, "[::1]:9635" },
	{ "an empty host", HEAD("GET / HTTP/1.1\r\nHost:\r\n"), "/", "", "", false, true, "" },
	{ "Accept", HEAD(GET "ACCEPT:\t text/plain ,  */* \t\r\n"), "/", "", "text/plain ,  */*",
	  false, true, "a" },
	{ "an empty header", HEAD(GET "Accept:\r\n"), "/", "", "", false, true, "a" },
	{ "no body, said", HEAD(GET "Content-Length: 0\r\n"), "/", "", "", false, true, "a" },
	{ "bytes beyond ASCII", HEAD(GET "User-Agent: \xc3\xa9\xff\r\n"), "/", "", "", false, true,
	  "a" },
};

static const struct refused {
	const char *name, *head;
	size_t size;
	unsigned int status;
} refused[] = {
	{ "nothing", HEAD(""), 400 },
	{ "one word", HEAD("GET\r\n"), 400 },
	{ "HTTP/0.9", HEAD("GET /\r\n"), 400 },
	{ "no method", HEAD(" / HTTP/1.1\r\n" HOST), 400 },
	{ "no target", HEAD("GET  HTTP/1.1\r\n" HOST), 400 },
	{ "two blanks", HEAD("GET  / HTTP/1.1\r\n" HOST), 400 },
	{ "a blank at the end", HEAD("GET / HTTP/1.1 \r\n" HOST), 400 },
	{ "a tab", HEAD("GET\t/\tHTTP/1.1\r\n" HOST), 400 },
	{ "another protocol", HEAD("GET / RTSP/1.0\r\n" HOST), 400 },
	{ "no version", HEAD("GET / HTTP/\r\n" HOST), 400 },
	{ "a longer version", HEAD("GET / HTTP/1.10\r\n" HOST), 400 },
	{ "a version of letters", HEAD("GET / HTTP/a.b\r\n" HOST), 400 },
	{ "HTTP/2 as text", HEAD("GET / HTTP/2.0\r\n" HOST), 505 },
	{ "HTTP/2 with prior knowledge", HEAD("PRI * HTTP/2.0\r\n"), 505 },
	{ "HTTP/1.2", HEAD("GET / HTTP/1.2\r\n" HOST), 505 },
	{ "a relative target", HEAD("GET metrics HTTP/1.1\r\n" HOST), 400 },
	{ "a target without a path", HEAD("GET http://a HTTP/1.1\r\n" HOST), 400 },
	{ "POST", HEAD("POST / HTTP/1.1\r\n" HOST), 405 },
	{ "OPTIONS *", HEAD("OPTIONS * HTTP/1.1\r\n" HOST), 405 },
	{ "a method in small letters", HEAD("get / HTTP/1.1\r\n" HOST), 405 },
	{ "a method that is none", HEAD("G(T / HTTP/1.1\r\n" HOST), 400 },
	{ "a NUL in the target", HEAD("GET /\0 HTTP/1.1\r\n" HOST), 400 },
	{ "a NUL in a header", HEAD(GET "A: \0\r\n"), 400 },
	{ "an escape in a header", HEAD(GET "A: \033[2J\r\n"), 400 },
	{ "a return within a line", HEAD(GET "A: b\rC: d\r\n"), 400 },
	{ "a header without a colon", HEAD(GET "Accept\r\n"), 400 },
	{ "a header without a name", HEAD(GET ": a\r\n"), 400 },
	{ "a blank before the colon", HEAD(GET "Content-Length : 5\r\n"), 400 },
	{ "a folded header", HEAD(GET "A: b\r\n c\r\n"), 400 },
	{ "no Host", HEAD("GET / HTTP/1.1\r\n"), 400 },
	{ "no host in a proxy's target", HEAD("GET http:///a HTTP/1.1\r\n" HOST), 400 },
	{ "a user in a proxy's target", HEAD("GET http://b@a/a HTTP/1.1\r\n" HOST), 400 },
	{ "a query in place of a path", HEAD("GET http://a?/b HTTP/1.1\r\n" HOST), 400 },
	{ "two words as a host", HEAD("GET / HTTP/1.1\r\nHost: a b\r\n"), 400 },
	{ "a port of letters", HEAD("GET / HTTP/1.1\r\nHost: a:b\r\n"), 400 },
	{ "a path in Host", HEAD("GET / HTTP/1.1\r\nHost: a/b\r\n"), 400 },
	{ "two Hosts", HEAD(GET HOST), 400 },
	{ "a body", HEAD(GET "Content-Length: 5\r\n"), 413 },
	{ "a length that is none", HEAD(GET "Content-Length: -1\r\n"), 413 },
	{ "two lengths", HEAD(GET "Content-Length: 5\r\nContent-Length: 0\r\n"), 400 },
	{ "a body in chunks", HEAD(GET "Transfer-Encoding: chunked\r\n"), 413 },
};

/* A copy that ends where the head does, so that the sanitizer sees more read. */
static char *copy_of(const char *head, size_t size)
{
	char *copy = malloc(size);

	assert_non_null(copy);
	memcpy(copy, head, size);
	return copy;
}

static void well_formed_heads_are_taken(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		const struct taken *row = &taken[i];
		char *head = copy_of(row->head, row->size);
		const struct http_refusal *refusal;
		struct http_request request;

		if (http_request_head_size(head, row->size) != row->size)
			fail_msg("%s: a head of another size", row->name);
		refusal = http_request_parse(&request, head, row->size);
		if (refusal)
			fail_msg("%s: %s", row->name, refusal->sentence);
		assert_string_equal(request.path, row->path);
		assert_string_equal(request.query, row->query);
		assert_string_equal(request.accept, row->accept);
		assert_string_equal(request.host ? request.host : "none", row->host);
		if (request.is_head != row->is_head || request.keep_alive != row->keep_alive)
			fail_msg("%s: HEAD %d, kept open %d", row->name, request.is_head,
				 request.keep_alive);
		free(head);
	}
}

static void ill_formed_heads_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		const struct refused *row = &refused[i];
		char *head = copy_of(row->head, row->size);
		const struct http_refusal *refusal;
		struct http_request request;

		refusal = http_request_parse(&request, head, row->size);
		if (!refusal || refusal->status != row->status)
			fail_msg("%s: %u, not %u", row->name, refusal ? refusal->status : 200,
				 row->status);
		free(head);
	}
}

static void a_head_ends_with_an_empty_line(void **state)
{
	static const char text[] = GET "A: b\r\n\r\nGET /2 HTTP/1.1\r\n\r\n";
	size_t first = strlen(GET "A: b\r\n\r\n");

	(void)state;
	for (size_t size = 0; size < sizeof(text); size++) {
		char *copy = copy_of(text, size);

		assert_int_equal(http_request_head_size(copy, size), size < first ? 0 : first);
		free(copy);
	}
}

/* Whatever the bytes are, they are taken or refused, and the strings end in them. */
static void check_bytes(const char *bytes, size_t bytes_size)
{
	char *copy = copy_of(bytes, bytes_size);
	size_t size = http_request_head_size(copy, bytes_size);
	struct http_request request;

	assert_true(size <= bytes_size);
	if (size && !http_request_parse(&request, copy, size)) {
		assert_true(request.path[0] == '/');
		assert_true(strlen(request.path) + strlen(request.query) < size);
		assert_true(strlen(request.accept) < size);
		assert_true(!request.host || strlen(request.host) < size);
	}
	free(copy);
}

static void mutated_heads_do_no_harm(void **state)
{
	static const char alphabet[] = "\r\n\r\n :/?\t\0GETHTTP/1.1Host,;=%\x7f\xff";
	char bytes[256];

	(void)state;
	srandom(9635);
	for (int round = 0; round < 200000; round++) {
		const struct taken *row =
			&taken[(size_t)random() % (sizeof(taken) / sizeof(taken[0]))];

		memcpy(bytes, row->head, row->size);
		for (long changes = random() % 6; changes; changes--)
			bytes[(size_t)random() % row->size] =
				alphabet[(size_t)random() % sizeof(alphabet)];
		check_bytes(bytes, row->size);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(well_formed_heads_are_taken),
		cmocka_unit_test(ill_formed_heads_are_refused),
		cmocka_unit_test(a_head_ends_with_an_empty_line),
		cmocka_unit_test(mutated_heads_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
