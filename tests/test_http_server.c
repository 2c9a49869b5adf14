// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The server and clients that are broken, slow, many, or mean.
 */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <cmocka.h>
#include <zlib.h>

#include "http/http_address.h"
#include "http/http_body.h"
#include "http_child.h"

#define HOST	  "Host: a\r\n"
#define LAST	  "Connection: close\r\n\r\n"
#define GET(path) "GET " path " HTTP/1.1\r\n" HOST

#define CONNECTIONS 8
#define BIG	    (8 * 1024 * 1024) /* more than sockets take, and than may wait unsent */

/* More than a piece of it, and than sockets take. */
#define MADE_LINES 1000000

static struct http_server *server;
static struct http_body *made;
static struct event *second;

static int write_made(FILE *to, const void *context)
{
	(void)context;
	for (int line = 0; line < MADE_LINES; line++)
		fprintf(to, "line %d\n", line);
	return 0;
}

/* The second asks; the first has waited till then. */
static void on_second(evutil_socket_t descriptor, short what, void *context)
{
	(void)descriptor;
	(void)what;
	(void)context;
	http_server_resume(server);
}

static bool answer(void *context, const struct http_request *request, struct http_reply *reply)
{
	static bool asked;

	(void)context;
	if (strcmp(request->path, "/never") == 0)
		return false;
	if (strcmp(request->path, "/later") == 0 && !asked) {
		asked = true;
		return false;
	}
	if (strcmp(request->path, "/now") == 0 && asked)
		event_active(second, EV_TIMEOUT, 0);
	if (strcmp(request->path, "/made") == 0) {
		reply->made = http_body_keep(made);
	} else if (strcmp(request->path, "/big") == 0) {
		char *bytes = calloc(1, BIG);

		memset(bytes, 'b', BIG);
		evbuffer_add(reply->body, bytes, BIG);
		free(bytes);
	} else {
		evbuffer_add_printf(reply->body, "[%s]\n", request->path);
	}
	return true;
}

static in_port_t open_server(struct event_base *base)
{
	const struct http_limits limits = { CONNECTIONS, 2 * BIG, 1 };
	struct http_address address;

	http_address_parse(&address, "127.0.0.1:0");
	made = http_body_make(write_made, NULL);
	second = evtimer_new(base, on_second, NULL);
	if (!made || !second)
		abort();
	if (http_server_open(&server, base, &address, &limits, answer, NULL))
		abort();
	return ntohs(http_server_address(server).ipv4.sin_port);
}

static void close_server(void)
{
	http_server_close(server);
	http_body_drop(made);
	event_free(second);
}

static const struct http_service service = { open_server, close_server };

static int start(void **state)
{
	static struct http_child child;

	http_child_start(&child, &service);
	*state = &child;
	return 0;
}

static int stop(void **state)
{
	http_child_stop(*state);
	return 0;
}

static void check_begins(const char *text, const char *with)
{
	if (strncmp(text, with, strlen(with)) != 0)
		fail_msg("not %s but %s", with, text);
}

static void check_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no %s in %s", part, text);
}

/* It answers as if nothing had been. */
static void check_serves(const struct http_child *child)
{
	char *reply = http_child_exchange(child, GET("/well") LAST);

	check_begins(reply, "HTTP/1.1 200 OK\r\n");
	check_has(reply, "\r\n\r\n[/well]\n");
	free(reply);
}

/* What is sent, and how all that comes back begins and ends. */
static const struct exchange {
	const char *name, *sent, *begins, *ends;
} exchanges[] = {
	{ "GET", GET("/a") LAST, "HTTP/1.1 200 OK\r\n", "\r\n\r\n[/a]\n" },
	{ "HEAD", "HEAD /a HTTP/1.1\r\n" HOST LAST, "HTTP/1.1 200 OK\r\n", "close\r\n\r\n" },
	{ "HTTP/1.0", "GET /a HTTP/1.0\r\n\r\n", "HTTP/1.1 200 OK\r\n", "\r\n\r\n[/a]\n" },
	{ "two in one", GET("/a") "\r\n" GET("/b") LAST, "HTTP/1.1 200 OK\r\n", "[/b]\n" },
	{ "an empty line before", "\r\n\n" GET("/a") LAST, "HTTP/1.1 200 OK\r\n", "[/a]\n" },
	{ "nothing good", "hello\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n", ".\n" },
	{ "POST", "POST /a HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc", "HTTP/1.1 405 ",
	  "here.\n" },
	{ "a body", GET("/a") "Content-Length: 3\r\n\r\nabc", "HTTP/1.1 413 ", "here.\n" },
	{ "one good, one bad", GET("/a") "\r\nbad\r\n\r\n" GET("/c") LAST, "HTTP/1.1 200 OK\r\n",
	  "HTTP/1.1.\n" },
	{ "half a head", GET("/a"), "HTTP/1.1 408 ", "arrive.\n" },
	{ "TLS", "\x16\x03\x01\x02", "HTTP/1.1 408 ", "arrive.\n" },
};

static void exchanges_end_as_they_should(void **state)
{
	for (size_t i = 0; i < sizeof(exchanges) / sizeof(exchanges[0]); i++) {
		const struct exchange *row = &exchanges[i];
		char *reply = http_child_exchange(*state, row->sent);
		size_t size = strlen(reply), end = strlen(row->ends);

		if (strncmp(reply, row->begins, strlen(row->begins)) != 0 || size < end ||
		    strcmp(reply + size - end, row->ends) != 0)
			fail_msg("%s: %s", row->name, reply);
		free(reply);
	}
	check_serves(*state);
}

static void replies_say_what_a_browser_may_do(void **state)
{
	char *reply = http_child_exchange(*state, GET("/a") LAST);

	check_has(reply, "\r\nX-Content-Type-Options: nosniff\r\n");
	check_has(reply, "\r\nContent-Security-Policy: default-src 'none'; frame-ancestors");
	check_has(reply, "\r\nCache-Control: no-store\r\n");
	check_has(reply, "\r\nContent-Type: text/plain; charset=utf-8\r\n");
	check_has(reply, "\r\nContent-Length: 5\r\n");
	free(reply);
	reply = http_child_exchange(*state, "PUT / HTTP/1.1\r\n" HOST "\r\n");
	check_has(reply, "\r\nAllow: GET, HEAD\r\n");
	check_has(reply, "\r\nX-Content-Type-Options: nosniff\r\n");
	free(reply);
}

/* The lines of what was made, in order and all. */
static void check_lines(const char *at)
{
	char line[32];

	for (int i = 0; i < MADE_LINES; i++) {
		int size = snprintf(line, sizeof(line), "line %d\n", i);

		if (strncmp(at, line, (size_t)size) != 0)
			fail_msg("not %s but %.20s", line, at);
		at += size;
	}
	assert_int_equal(*at, '\0');
}

static void what_was_made_comes_whole_to_who_takes_no_gzip(void **state)
{
	char *reply = http_child_exchange(*state, GET("/made") LAST);

	assert_null(strstr(reply, "Content-Encoding"));
	check_has(reply, "\r\nVary: Accept, Accept-Encoding\r\n");
	check_lines(strstr(reply, "\r\n\r\n") + 4);
	free(reply);
	check_serves(*state);
}

/* A string that holds zero bytes: its end is known by the length that the head tells. */
static void what_was_made_comes_packed_to_who_takes_gzip(void **state)
{
	char *reply = http_child_exchange(*state, GET("/made") "Accept-Encoding: gzip\r\n" LAST);
	size_t size = strtoul(strstr(reply, "Content-Length: ") + 16, NULL, 10), room = 1 << 24;
	char *text = calloc(1, room);
	z_stream stream = { .next_in = (Bytef *)strstr(reply, "\r\n\r\n") + 4,
			    .avail_in = (uInt)size,
			    .next_out = (Bytef *)text,
			    .avail_out = (uInt)room - 1 };

	check_has(reply, "\r\nContent-Encoding: gzip\r\n");
	assert_int_equal(inflateInit2(&stream, MAX_WBITS + 16), Z_OK);
	assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
	inflateEnd(&stream);
	check_lines(text);
	free(text);
	free(reply);
}

static void a_head_of_what_was_made_comes_alone(void **state)
{
	char *reply = http_child_exchange(*state, "HEAD /made HTTP/1.1\r\n" HOST LAST);

	check_has(reply, "\r\nContent-Length: 11888890\r\n");
	assert_string_equal(strstr(reply, "\r\n\r\n"), "\r\n\r\n");
	free(reply);
}

static void who_waits_is_answered_when_there_is_something_to_say(void **state)
{
	int fd = http_child_connect(*state);
	char *reply;

	http_child_send(fd, GET("/later") LAST, strlen(GET("/later") LAST));
	do {
		reply = http_child_exchange(*state, GET("/now") LAST);
		check_has(reply, "[/now]\n");
		free(reply);
	} while (!poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, 10));
	reply = http_child_receive(fd);
	check_has(reply, "\r\n\r\n[/later]\n");
	free(reply);
}

static void who_waits_for_too_long_is_told(void **state)
{
	char *reply = http_child_exchange(*state, GET("/never") LAST);

	check_begins(reply, "HTTP/1.1 503 ");
	check_has(reply, "in time.\n");
	free(reply);
}

static void a_client_that_has_said_all_still_gets_its_reply(void **state)
{
	int fd = http_child_connect(*state);
	char *reply;

	assert_int_equal(http_child_send(fd, GET("/a") "\r\n", strlen(GET("/a") "\r\n")), 0);
	assert_int_equal(shutdown(fd, SHUT_WR), 0);
	reply = http_child_receive(fd);
	check_has(reply, "[/a]\n");
	free(reply);
}

static void long_heads_are_refused(void **state)
{
	char bytes[2 * HTTP_HEAD_MAX];
	int fd = http_child_connect(*state);
	char *reply;

	memset(bytes, 'a', sizeof(bytes));
	memcpy(bytes, GET("/"), strlen(GET("/")));
	http_child_send(fd, bytes, sizeof(bytes));
	reply = http_child_receive(fd);
	check_begins(reply, "HTTP/1.1 431 ");
	free(reply);
	check_serves(*state);
}

static void a_head_of_just_the_limit_is_served(void **state)
{
	char bytes[HTTP_HEAD_MAX];
	int fd = http_child_connect(*state);
	char *reply;

	memset(bytes, 'a', sizeof(bytes));
	memcpy(bytes, GET("/") "A: ", strlen(GET("/") "A: "));
	memcpy(bytes + sizeof(bytes) - strlen("\r\n" LAST), "\r\n" LAST, strlen("\r\n" LAST));
	assert_int_equal(http_child_send(fd, bytes, sizeof(bytes)), 0);
	reply = http_child_receive(fd);
	check_begins(reply, "HTTP/1.1 200 ");
	free(reply);
}

/* Whether the other side has closed, or sent something. */
static bool has_news_within(int fd, int milliseconds)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN };

	return poll(&poller, 1, milliseconds) == 1;
}

static bool has_news(int fd)
{
	return has_news_within(fd, 0);
}

static void whoever_does_nothing_longest_makes_room(void **state)
{
	int idle[5 * CONNECTIONS];
	size_t open = 0, count = sizeof(idle) / sizeof(idle[0]);

	for (size_t i = 0; i < count; i++) {
		idle[i] = http_child_connect(*state);
		check_serves(*state);
	}
	for (size_t i = 0; i < count; i++)
		open += !has_news(idle[i]);
	assert_true(open < CONNECTIONS);
	for (size_t i = 0; i < count; i++)
		close(idle[i]);
}

static void nobody_waits_for_ever(void **state)
{
	static const char *const begun[] = { "", "GET /", GET("/a"), "HEAD" };

	for (size_t i = 0; i < sizeof(begun) / sizeof(begun[0]); i++) {
		char *reply = http_child_exchange(*state, begun[i]);

		if (begun[i][0])
			check_begins(reply, "HTTP/1.1 408 ");
		else
			assert_string_equal(reply, "");
		free(reply);
	}
}

/* One byte at a time does not win more time. */
static void trickling_wins_no_time(void **state)
{
	static const char request[] = GET("/a") "A: a very long header that comes in bits";
	int fd = http_child_connect(*state);
	char *reply;

	for (size_t i = 0; i < sizeof(request) && !has_news_within(fd, 100); i++)
		http_child_send(fd, request + i, 1);
	assert_true(has_news(fd));
	reply = http_child_receive(fd);
	check_begins(reply, "HTTP/1.1 408 ");
	free(reply);
}

static void replies_that_nobody_takes_are_bounded(void **state)
{
	int slow[CONNECTIONS - 1];

	for (size_t i = 0; i < sizeof(slow) / sizeof(slow[0]); i++) {
		slow[i] = http_child_connect(*state);
		assert_int_equal(
			http_child_send(slow[i], GET("/big") "\r\n", strlen(GET("/big") "\r\n")),
			0);
		check_serves(*state);
	}
	/* Who comes after them and says nothing is waited for as long as they are. */
	free(http_child_exchange(*state, ""));
	for (size_t i = 0; i < sizeof(slow) / sizeof(slow[0]); i++) {
		char *reply = http_child_receive(slow[i]);

		assert_true(strlen(reply) < BIG);
		free(reply);
	}
	check_serves(*state);
}

static void a_big_reply_comes_whole(void **state)
{
	char *reply = http_child_exchange(*state, GET("/big") LAST);

	check_begins(reply, "HTTP/1.1 200 ");
	assert_int_equal(strlen(strstr(reply, "\r\n\r\n") + 4), BIG);
	free(reply);
}

static void many_requests_in_one_connection(void **state)
{
	int fd = http_child_connect(*state);
	size_t count = 0;
	char *reply;

	for (int i = 0; i < 500; i++)
		assert_int_equal(http_child_send(fd, GET("/a") "\r\n", strlen(GET("/a") "\r\n")),
				 0);
	http_child_send(fd, GET("/b") LAST, strlen(GET("/b") LAST));
	reply = http_child_receive(fd);
	for (const char *at = reply; (at = strstr(at, "[/a]\n")); at++)
		count++;
	assert_int_equal(count, 500);
	check_has(reply, "[/b]\n");
	free(reply);
}

static size_t mutate(char *bytes, size_t size)
{
	static const char alphabet[] = "\r\n\r\n :/?\t\0GETHTTP/1.1Host,;=%\x7f\xff";

	for (long changes = random() % 8; changes; changes--)
		bytes[(size_t)random() % size] = alphabet[(size_t)random() % sizeof(alphabet)];
	return random() % 4 ? size : (size_t)random() % size;
}

static void annoy(const struct http_child *child)
{
	const struct exchange *row =
		&exchanges[(size_t)random() % (sizeof(exchanges) / sizeof(exchanges[0]))];
	int fd = http_child_connect(child);
	char bytes[512];

	for (long sends = 1 + random() % 3; sends; sends--) {
		size_t size = strlen(row->sent);

		memcpy(bytes, row->sent, size);
		http_child_send(fd, bytes, mutate(bytes, size));
	}
	if (random() % 2)
		shutdown(fd, SHUT_WR);
	if (random() % 2)
		has_news(fd);
	close(fd);
}

static void mutated_requests_do_no_harm(void **state)
{
	time_t end = time(NULL) + 3;

	srandom(9635);
	for (unsigned int round = 0; time(NULL) < end; round++) {
		annoy(*state);
		if (round % 256 == 0)
			check_serves(*state);
	}
	check_serves(*state);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_made_comes_whole_to_who_takes_no_gzip),
		TEST(what_was_made_comes_packed_to_who_takes_gzip),
		TEST(a_head_of_what_was_made_comes_alone),
		TEST(who_waits_is_answered_when_there_is_something_to_say),
		TEST(who_waits_for_too_long_is_told),
		TEST(exchanges_end_as_they_should),
		TEST(replies_say_what_a_browser_may_do),
		TEST(a_client_that_has_said_all_still_gets_its_reply),
		TEST(long_heads_are_refused),
		TEST(a_head_of_just_the_limit_is_served),
		TEST(whoever_does_nothing_longest_makes_room),
		TEST(nobody_waits_for_ever),
		TEST(trickling_wins_no_time),
		TEST(replies_that_nobody_takes_are_bounded),
		TEST(a_big_reply_comes_whole),
		TEST(many_requests_in_one_connection),
		TEST(mutated_requests_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
