// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The web server as a machine of states: clients that come, send, read, pause and go in any
 * order, by what the bytes say. Who sent whole requests only gets whole replies, in order.
 */
#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/http_address.h"
#include "http/http_body.h"
#include "http/http_server.h"

#include "fuzz.h"

#define CLIENTS	    6
#define CONNECTIONS 4 /* fewer: some make room for others */
#define PENDING	    64
#define BIG	    (1 << 20)

static const struct {
	const char *text, *body; /* NULL: /big's or /made's */
	size_t size;		 /* of that one */
} requests[] = {
	{ "GET /a HTTP/1.1\r\nHost: a\r\n\r\n", "[/a]\n", 0 },
	{ "HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n", "", 0 },
	{ "GET /later HTTP/1.1\r\nHost: a\r\n\r\n", "[/later]\n", 0 },
	{ "GET /big HTTP/1.1\r\nHost: a\r\n\r\n", NULL, BIG },
	{ "GET /made HTTP/1.1\r\nHost: a\r\n\r\n", NULL, BIG },
};
#define REQUESTS (sizeof(requests) / sizeof(requests[0]))

struct client {
	int fd;	   /* -1: not connected */
	bool wild; /* it sent other bytes, too: what comes back is not foretold */
	size_t asked[PENDING], first, count;
	char head[1024]; /* of the reply that is being read */
	size_t head_size, left;
};

static struct {
	struct event_base *base;
	struct http_server *server;
	struct http_body *made;
	struct http_address address;
	bool later; /* there is something to say */
	char big[BIG];
	struct client clients[CLIENTS];
} run;

static int write_big(FILE *to, const void *context)
{
	(void)context;
	return fwrite(run.big, 1, BIG, to) != BIG;
}

static bool answer(void *context, const struct http_request *request, struct http_reply *reply)
{
	(void)context;
	if (!strcmp(request->path, "/later") && !run.later)
		return false;
	if (!strcmp(request->path, "/made"))
		reply->made = http_body_keep(run.made);
	else if (!strcmp(request->path, "/big"))
		evbuffer_add_reference(reply->body, run.big, BIG, NULL, NULL);
	else
		evbuffer_add_printf(reply->body, "[%s]\n", request->path);
	return true;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const struct http_limits limits = { CONNECTIONS, 2 * BIG, 3600 };

	(void)argc;
	(void)argv;
	memset(run.big, 'b', BIG);
	run.base = event_base_new();
	run.made = http_body_make(write_big, NULL);
	fuzz_check(run.base && run.made);
	fuzz_check(http_address_parse(&run.address, "127.0.0.1:0"));
	fuzz_check(!http_server_open(&run.server, run.base, &run.address, &limits, answer, NULL));
	run.address = http_server_address(run.server);
	for (size_t i = 0; i < CLIENTS; i++)
		run.clients[i].fd = -1;
	return 0;
}

static void turn(void)
{
	for (int i = 0; i < 3; i++)
		event_base_loop(run.base, EVLOOP_NONBLOCK);
}

/* Reset, so that no address waits for what might still come. */
static void leave(struct client *client)
{
	const struct linger reset = { .l_onoff = 1 };

	if (client->fd < 0)
		return;
	setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	close(client->fd);
	*client = (struct client){ .fd = -1 };
}

static void come(struct client *client)
{
	leave(client);
	*client = (struct client){ .fd = -1 };
	client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	fuzz_check(client->fd >= 0);
	fuzz_check(!connect(client->fd, &run.address.any, run.address.size));
}

static void send_bytes(struct client *client, const void *bytes, size_t size)
{
	if (send(client->fd, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)size)
		client->wild = true;
}

static void ask(struct client *client, size_t request)
{
	if (client->fd < 0 || client->count == PENDING)
		return;
	client->asked[(client->first + client->count++) % PENDING] = request;
	send_bytes(client, requests[request].text, strlen(requests[request].text));
}

static bool is_head(const struct client *client)
{
	return !strncmp(requests[client->asked[client->first]].text, "HEAD", 4);
}

/* The head is whole: it promises just the body that was asked for. */
static void begin_body(struct client *client)
{
	size_t asked = client->asked[client->first], promised;
	const char *length = strstr(client->head, "Content-Length: ");

	fuzz_check(client->count && length);
	fuzz_check(!strncmp(client->head, "HTTP/1.1 200 ", 13));
	promised = strtoul(length + strlen("Content-Length: "), NULL, 10);
	client->left = is_head(client) ? 0 : promised;
	if (!is_head(client))
		fuzz_check(promised == (requests[asked].body ? strlen(requests[asked].body)
							     : requests[asked].size));
}

static void end_reply(struct client *client)
{
	client->first = (client->first + 1) % PENDING;
	client->count--;
	client->head_size = 0;
}

static void take_byte(struct client *client, char byte)
{
	size_t asked = client->asked[client->first], at;
	const char *body = requests[asked].body;

	if (client->left) {
		at = (body ? strlen(body) : requests[asked].size) - client->left--;
		fuzz_check(byte == (body ? body[at] : 'b'));
		if (!client->left)
			end_reply(client);
		return;
	}
	fuzz_check(client->head_size < sizeof(client->head) - 1);
	client->head[client->head_size++] = byte;
	client->head[client->head_size] = '\0';
	if (client->head_size < 4 || strcmp(client->head + client->head_size - 4, "\r\n\r\n") != 0)
		return;
	begin_body(client);
	if (!client->left)
		end_reply(client);
}

/* true: something came. */
static bool take(struct client *client, size_t size)
{
	static char bytes[1 << 16];
	ssize_t got;

	if (client->fd < 0)
		return false;
	got = recv(client->fd, bytes, size < sizeof(bytes) ? size : sizeof(bytes), MSG_DONTWAIT);
	for (ssize_t i = 0; !client->wild && i < got; i++)
		take_byte(client, bytes[i]);
	if (!got || (got < 0 && errno != EAGAIN))
		client->wild = true; /* it made room for another */
	return got > 0;
}

/* Something to say has come, or is gone. */
static void change(void)
{
	run.later = !run.later;
	if (run.later)
		http_server_resume(run.server);
}

enum { COME, LEAVE, END, ASK, SEND, TAKE, CHANGE, ACTIONS };

static size_t act(const uint8_t *bytes, size_t size)
{
	struct client *client = &run.clients[bytes[0] / ACTIONS % CLIENTS];
	size_t argument = size > 1 ? bytes[1] : 0, used = 2;

	switch (bytes[0] % ACTIONS) {
	case COME:
		come(client);
		break;
	case LEAVE:
		leave(client);
		break;
	case END:
		if (client->fd >= 0)
			shutdown(client->fd, SHUT_WR);
		break;
	case ASK:
		ask(client, argument % REQUESTS);
		break;
	case SEND:
		argument = size > 2 && argument > size - 2 ? size - 2 : size > 2 ? argument : 0;
		client->wild = true;
		if (client->fd >= 0)
			send_bytes(client, bytes + 2, argument);
		used += argument;
		break;
	case TAKE:
		take(client, argument * argument);
		break;
	case CHANGE:
		change();
		break;
	}
	return used < size ? used : size;
}

/* Whatever was, a client that comes now is served. */
static void check_serves(void)
{
	struct client *client = &run.clients[0];

	come(client);
	turn();
	ask(client, 0);
	for (int i = 0; client->count && i < 100; i++) {
		turn();
		take(client, sizeof(client->head));
		fuzz_check(!client->wild);
	}
	fuzz_check(!client->count);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	run.later = false;
	for (size_t used; size; bytes += used, size -= used) {
		used = act(bytes, size);
		turn();
	}
	check_serves();
	for (size_t i = 0; i < CLIENTS; i++)
		leave(&run.clients[i]);
	turn();
	return 0;
}
