// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The documents of a node: their paths, types and statuses.
 */
#include <json-c/json.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "agent/documents.h"
#include "agent/publisher.h"
#include "http_child.h"
#include "agent/page.h"

static struct {
	struct words wanted, unwanted;
	struct table table;
	struct node node;
	struct board *board;
	struct publisher *publisher;
	struct documents *documents;
} served;

static in_port_t open_node(struct event_base *base)
{
	const struct table_arguments arguments = TABLE_ARGUMENTS_DEFAULT;
	static const struct words hosts = { { "given.example" }, 1 };
	const struct documents_options options = { "127.0.0.1:0", HTTP_LIMITS_DEFAULT, &hosts,
						   "/etc/portclass/own.conf" };

	if (table_open(&served.table, &arguments))
		abort();
	served.node.table = &served.table;
	served.node.wanted = &served.wanted;
	served.node.unwanted = &served.unwanted;
	/* Both threads in one: they meet at the board only. */
	if (board_open(&served.board) ||
	    publisher_open(&served.publisher, base, served.board, &served.node) ||
	    documents_open(&served.documents, base, &options, served.board))
		abort();
	board_put_table(served.board, &served.table);
	return ntohs(documents_address(served.documents).ipv4.sin_port);
}

/* The same, of patterns that nothing matches. */
static in_port_t open_waiting_node(struct event_base *base)
{
	served.wanted = (struct words){ { "eth*", "wan0" }, 2 };
	served.unwanted = (struct words){ { "eth1" }, 1 };
	return open_node(base);
}

/* The same, and an interface that is attached, or is as good for /readyz. */
static in_port_t open_ready_node(struct event_base *base)
{
	struct node_interface *interface = node_add(&served.node, 7, "eth7");

	if (!interface)
		abort();
	strcpy(interface->pins.directory, "/nowhere");
	return open_node(base);
}

/* The same, an interface that could not be attached to, and one that was not tried. */
static in_port_t open_broken_node(struct event_base *base)
{
	in_port_t port = open_ready_node(base);
	struct node_interface *interface = node_find(&served.node, 7);

	interface->pins.directory[0] = '\0';
	strcpy(interface->error, "it is out of order");
	if (!node_add(&served.node, 8, "eth8"))
		abort();
	publisher_note_change(served.publisher);
	return port;
}

static void close_node(void)
{
	documents_close(served.documents);
	publisher_close(served.publisher);
	board_close(served.board);
	node_close(&served.node);
	table_close(&served.table);
}

static int start(void **state)
{
	static const struct http_service service = { open_node, close_node };
	static struct http_child child;

	http_child_start(&child, &service);
	*state = &child;
	return 0;
}

static int start_waiting(void **state)
{
	static const struct http_service service = { open_waiting_node, close_node };
	static struct http_child child;

	http_child_start(&child, &service);
	*state = &child;
	return 0;
}

static int start_ready(void **state)
{
	static const struct http_service service = { open_ready_node, close_node };
	static struct http_child child;

	http_child_start(&child, &service);
	*state = &child;
	return 0;
}

static int start_broken(void **state)
{
	static const struct http_service service = { open_broken_node, close_node };
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

static char *get(const struct http_child *child, const char *path, const char *headers)
{
	char request[512];

	snprintf(request, sizeof(request),
		 "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n", path,
		 headers);
	return http_child_exchange(child, request);
}

static const char *body_of(const char *reply)
{
	const char *body = strstr(reply, "\r\n\r\n");

	assert_non_null(body);
	return body + strlen("\r\n\r\n");
}

#define OPENMETRICS "Accept: application/openmetrics-text;version=1.0.0\r\n"

static const struct document {
	const char *path, *headers, *status, *type, *part; /* of the body */
} documents[] = {
	{ "/healthz", "", "200", "text/plain; charset=utf-8", "alive\n" },
	{ "/readyz", "", "503", "text/plain; charset=utf-8",
	  "\nno interface has a default route\n" },
	{ "/metrics", "", "200", "text/plain; version=0.0.4; charset=utf-8",
	  "# TYPE portclass_packets_total counter\n" },
	{ "/metrics", OPENMETRICS, "200",
	  "application/openmetrics-text; version=1.0.0; charset=utf-8",
	  "# TYPE portclass_packets counter\n" },
	{ "/metrics?a=b", "", "200", "text/plain; version=0.0.4; charset=utf-8", "iana.csv" },
	{ "/api/v1/counters", "", "200", "application/json", "[]\n" },
	{ "/api/v1/lookup?q=443/tcp", "", "200", "application/json", "\"service\":\"https\"" },
	{ "/api/v1/lookup?q=HTTPS", "", "200", "application/json", "\"first\":443" },
	{ "/api/v1/lookup?a=b&q=6000-6063%2Ftcp", "", "200", "application/json", "\"last\":6063" },
	{ "/api/v1/lookup", "", "400", "text/plain; charset=utf-8", "?q=443/tcp\n" },
	{ "/api/v1/lookup?q=", "", "400", "text/plain; charset=utf-8", "?q=443/tcp\n" },
	{ "/api/v1/lookup?q=443/foo", "", "400", "text/plain; charset=utf-8", "sctp" },
	{ "/api/v1/lookup?q=90-80", "", "400", "text/plain; charset=utf-8", "reversed" },
	{ "/api/v1/lookup?q=65536", "", "400", "text/plain; charset=utf-8", "65535" },
	{ "/api/v1/lookup?q=%", "", "404", "text/plain; charset=utf-8", "no service" },
	{ "/api/v1/lookup?q=no-such-name", "", "404", "text/plain; charset=utf-8", "no service" },
	{ "/api/v1/lookup?q=0-65535", "", "400", "text/plain; charset=utf-8", "too many" },
	{ "/api/v1/lookup?&&=&q", "", "400", "text/plain; charset=utf-8", "\n" },
	{ "/metrics/", "", "404", "text/plain; charset=utf-8", "no such document" },
	{ "/../etc/passwd", "", "404", "text/plain; charset=utf-8", "no such document" },
};

static void documents_have_their_status_and_type(void **state)
{
	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
		const struct document *row = &documents[i];
		char *reply = get(*state, row->path, row->headers), type[128];

		snprintf(type, sizeof(type), "\r\nContent-Type: %s\r\n", row->type);
		if (strncmp(reply + strlen("HTTP/1.1 "), row->status, 3) != 0 ||
		    !strstr(reply, type) || !strstr(body_of(reply), row->part))
			fail_msg("%s: %s", row->path, reply);
		free(reply);
	}
}

static const struct {
	const char *head; /* behind GET */
	const char *status, *part;
} requests_for[] = {
	{ "/healthz HTTP/1.1\r\nHost: 192.0.2.7:9635\r\n", "200", "alive\n" },
	{ "/healthz HTTP/1.1\r\nHost: [2001:db8::7]\r\n", "200", "alive\n" },
	{ "/healthz HTTP/1.1\r\nHost: Given.example.:80\r\n", "200", "alive\n" },
	{ "/healthz HTTP/1.0\r\n", "200", "alive\n" },
	{ "http://given.example/healthz HTTP/1.1\r\nHost: evil.example\r\n", "200", "alive\n" },
	{ "http://evil.example/healthz HTTP/1.1\r\nHost: localhost\r\n", "421",
	  "\nhost evil.example\n" },
	{ "/metrics HTTP/1.1\r\nHost: Evil.Example.:9635\r\n", "421",
	  " (/etc/portclass/own.conf), and restart it:\nhost evil.example\n" },
	{ "/ HTTP/1.0\r\nHost: evil.example\r\n", "421", "\nhost evil.example\n" },
	{ "/nowhere HTTP/1.1\r\nHost: not.given.example\r\n", "421", "\nhost not.given.example\n" },
	{ "/api/v1/counters HTTP/1.1\r\nHost: a$(b)\r\n", "421", "request is for.\n" },
	{ "/ HTTP/1.1\r\nHost:\r\n", "421", "request is for.\n" },
};

static void only_requests_for_this_machine_are_answered(void **state)
{
	for (size_t i = 0; i < sizeof(requests_for) / sizeof(requests_for[0]); i++) {
		char request[256], *reply;

		snprintf(request, sizeof(request), "GET %sConnection: close\r\n\r\n",
			 requests_for[i].head);
		reply = http_child_exchange(*state, request);
		if (strncmp(reply + strlen("HTTP/1.1 "), requests_for[i].status, 3) != 0 ||
		    !strstr(body_of(reply), requests_for[i].part) ||
		    (requests_for[i].status[0] == '4' && strstr(body_of(reply), "portclass_")))
			fail_msg("%s: %s", requests_for[i].head, reply);
		free(reply);
	}
}

static void a_lookup_is_the_json_of_the_command(void **state)
{
	static const char *const members[] = { "service", "transport", "first",	  "last", "class",
					       "status",  "origin",    "aliases", "file", "line" };
	char *reply = get(*state, "/api/v1/lookup?q=443", "");
	struct json_object *array = json_tokener_parse(body_of(reply));

	assert_non_null(array);
	assert_int_equal(json_object_array_length(array), TRANSPORT_MAX);
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		assert_true(json_object_object_get_ex(json_object_array_get_idx(array, 0),
						      members[i], NULL));
	json_object_put(array);
	free(reply);
}

static void the_page_comes_with_its_policy(void **state)
{
	char *reply = get(*state, "/", "");

	assert_non_null(strstr(reply, "\r\nContent-Type: text/html; charset=utf-8\r\n"));
	assert_non_null(strstr(reply, page_policy()));
	assert_null(strstr(page_policy(), "unsafe"));
	assert_int_equal(strlen(body_of(reply)), page_size());
	assert_memory_equal(body_of(reply), page_bytes(), page_size());
	free(reply);
}

static void no_interface_is_not_ready(void **state)
{
	char *reply = get(*state, "/readyz", "");

	assert_memory_equal(reply, "HTTP/1.1 503 ", strlen("HTTP/1.1 503 "));
	assert_non_null(strstr(reply, "\nno interface matches dev eth* dev wan0 except eth1\n"));
	free(reply);
}

static void all_attached_is_ready(void **state)
{
	char *reply = get(*state, "/readyz", "");

	assert_memory_equal(reply, "HTTP/1.1 200 ", strlen("HTTP/1.1 200 "));
	assert_memory_equal(body_of(reply), "ready\n", strlen("ready\n"));
	free(reply);
}

static void what_is_not_attached_is_not_ready(void **state)
{
	char *reply = get(*state, "/readyz", "");

	assert_memory_equal(reply, "HTTP/1.1 503 ", strlen("HTTP/1.1 503 "));
	assert_non_null(strstr(reply, "\neth7: it is out of order\neth8: not attached yet\n"));
	free(reply);
	reply = get(*state, "/healthz", "");
	assert_memory_equal(reply, "HTTP/1.1 200 ", strlen("HTTP/1.1 200 "));
	free(reply);
	reply = get(*state, "/metrics", "");
	assert_non_null(strstr(reply, "\nportclass_interface_attached{device=\"eth7\"} 0\n"));
	free(reply);
	reply = get(*state, "/api/v1/counters", "");
	assert_string_equal(body_of(reply), "[]\n");
	free(reply);
}

#define TEST(test, setup) cmocka_unit_test_setup_teardown(test, setup, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(documents_have_their_status_and_type, start),
		TEST(only_requests_for_this_machine_are_answered, start),
		TEST(a_lookup_is_the_json_of_the_command, start),
		TEST(the_page_comes_with_its_policy, start),
		TEST(no_interface_is_not_ready, start_waiting),
		TEST(all_attached_is_ready, start_ready),
		TEST(what_is_not_attached_is_not_ready, start_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
