// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Connections: accept, read a head, wait for a reply, write it, wait for the next, with a
 * deadline for each of them.
 */
#include "http/http_server.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <event2/util.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <time.h>

#include "http/http_accept.h"
#include "http/http_address.h"
#include "http/http_body.h"
#include "base/log.h"

/* When no descriptor is left, try again after this. */
static const struct timeval accept_pause = { .tv_usec = 100000 };

enum state {
	STATE_READING,	 /* a head, or nothing yet */
	STATE_WAITING,	 /* for what to reply: the head stays in the input */
	STATE_WRITING,	 /* a reply, which another request may follow */
	STATE_ENDING,	 /* the last reply */
	STATE_LINGERING, /* all is written; a reset now could overtake it */
};

struct connection {
	TAILQ_ENTRY(connection) others;
	struct http_server *server;
	struct bufferevent *stream;
	struct event *deadline;
	enum state state;
	struct http_request request;	/* being waited for; it lies in the input */
	size_t head;			/* bytes of it there */
	unsigned int asked;		/* in which round of the server */
	struct http_body *made;		/* the reply that is being written, or NULL */
	struct http_unpacker *unpacker; /* of that one, for who does not take gzip */
};

struct http_server {
	struct event_base *base;
	struct evconnlistener *listener;
	struct event *resume; /* the listener, after accept_pause */
	struct http_limits limits;
	http_answer *answer;
	void *context;
	struct evbuffer *body, *output; /* of the reply being made; empty between */
	unsigned int round;		/* of asking all that wait */
	TAILQ_HEAD(connections, connection) connections; /* who did something last, last */
	size_t count;
};

static const struct http_refusal too_long = {
	431, "The head of the request is longer than 8192 bytes."
};
static const struct http_refusal too_slow = { 408, "The request took too long to arrive." };
static const struct http_refusal too_busy = { 503, "What to reply was not there in time." };

static const char *phrase_of(unsigned int status)
{
	static const struct {
		unsigned int status;
		const char *phrase;
	} phrases[] = {
		{ 200, "OK" },
		{ 400, "Bad Request" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 408, "Request Timeout" },
		{ 413, "Content Too Large" },
		{ 421, "Misdirected Request" },
		{ 431, "Request Header Fields Too Large" },
		{ 500, "Internal Server Error" },
		{ 503, "Service Unavailable" },
		{ 505, "HTTP Version Not Supported" },
	};

	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++)
		if (phrases[i].status == status)
			return phrases[i].phrase;
	return "";
}

static void forget_made(struct connection *connection)
{
	http_unpacker_free(connection->unpacker);
	http_body_drop(connection->made);
	connection->unpacker = NULL;
	connection->made = NULL;
}

static void connection_close(struct connection *connection)
{
	struct http_server *server = connection->server;

	TAILQ_REMOVE(&server->connections, connection, others);
	server->count--;
	forget_made(connection);
	if (connection->deadline)
		event_free(connection->deadline);
	bufferevent_free(connection->stream);
	free(connection);
}

/* It did something, and is the last to make room. */
static void put_last(struct connection *connection)
{
	struct http_server *server = connection->server;

	TAILQ_REMOVE(&server->connections, connection, others);
	TAILQ_INSERT_TAIL(&server->connections, connection, others);
}

/* The same, and it has all the time again. */
static void connection_touch(struct connection *connection)
{
	const struct timeval patience = { .tv_sec = connection->server->limits.patience };

	event_add(connection->deadline, &patience);
	put_last(connection);
}

/* Of one whose reply is written nothing is missing but its end. */
static void make_room(struct http_server *server)
{
	struct connection *chosen = TAILQ_FIRST(&server->connections);

	while (chosen && chosen->state != STATE_LINGERING)
		chosen = TAILQ_NEXT(chosen, others);
	if (!chosen)
		chosen = TAILQ_FIRST(&server->connections);
	if (chosen)
		connection_close(chosen);
}

/* What closing it would give back: of what others hold too, its share. */
static size_t unsent(const struct connection *connection)
{
	if (connection->made)
		return http_body_share(connection->made);
	return evbuffer_get_length(bufferevent_get_output(connection->stream));
}

static size_t unsent_sum(const struct http_server *server)
{
	const struct connection *connection;
	size_t sum = 0;

	TAILQ_FOREACH(connection, &server->connections, others)
	sum += unsent(connection);
	return sum;
}

/* Close the slowest readers until what is left of the replies fits in memory. */
static void bound_unsent(struct http_server *server, const struct connection *but)
{
	struct connection *connection, *next;

	if (unsent_sum(server) <= server->limits.unsent)
		return;
	for (connection = TAILQ_FIRST(&server->connections);
	     connection && unsent_sum(server) > server->limits.unsent; connection = next) {
		next = TAILQ_NEXT(connection, others);
		if (connection != but && unsent(connection))
			connection_close(connection);
	}
}

/* Bytes of the body as they are sent, packed or not. */
static size_t length_of(const struct http_reply *reply, bool packed)
{
	if (!reply->made)
		return evbuffer_get_length(reply->body);
	return packed ? http_body_packed_size(reply->made) : http_body_size(reply->made);
}

static void write_head(struct evbuffer *to, const struct http_reply *reply, bool keep_alive,
		       bool packed)
{
	time_t now = time(NULL);
	char date[64];
	struct tm fields;

	gmtime_r(&now, &fields);
	evutil_date_rfc1123(date, sizeof(date), &fields);
	evbuffer_add_printf(to,
			    "HTTP/1.1 %u %s\r\n"
			    "Date: %s\r\n"
			    "Content-Type: %s\r\n"
			    "Content-Length: %zu\r\n"
			    "Content-Security-Policy: %s\r\n"
			    "X-Content-Type-Options: nosniff\r\n"
			    "Referrer-Policy: no-referrer\r\n"
			    "Cache-Control: no-store\r\n"
			    "Vary: Accept, Accept-Encoding\r\n"
			    "%s%s"
			    "Connection: %s\r\n\r\n",
			    reply->status, phrase_of(reply->status), date, reply->type,
			    length_of(reply, packed),
			    reply->policy ? reply->policy
					  : "default-src 'none'; frame-ancestors 'none'",
			    packed ? "Content-Encoding: gzip\r\n" : "",
			    reply->status == 405 ? "Allow: GET, HEAD\r\n" : "",
			    keep_alive ? "keep-alive" : "close");
}

/* What the socket does not take at once is the stream's to write. */
static void write_now(struct connection *connection, struct evbuffer *reply)
{
	struct evbuffer *output = bufferevent_get_output(connection->stream);

	evbuffer_write(reply, bufferevent_getfd(connection->stream));
	evbuffer_add_buffer(output, reply);
	if (!evbuffer_get_length(output))
		bufferevent_trigger(connection->stream, EV_WRITE, BEV_TRIG_DEFER_CALLBACKS);
}

/* Whole, where it is sent as it is kept; else a piece, which others follow. 0 or -1. */
static int begin_made(struct connection *connection, bool packed)
{
	struct evbuffer *output = connection->server->output;

	if (packed)
		return http_body_add_packed(connection->made, output);
	if (http_body_has_plain(connection->made))
		return http_body_add_plain(connection->made, output);
	connection->unpacker = http_unpacker_new(connection->made);
	return connection->unpacker && http_unpacker_add(connection->unpacker, output) >= 0 ? 0
											    : -1;
}

/* Nothing is read until the reply is written, so that pipelining costs no memory. */
static void send_reply(struct connection *connection, const struct http_request *request,
		       struct http_reply *reply)
{
	struct http_server *server = connection->server;
	bool packed = reply->made && http_accepts_gzip(request->accept_encoding);
	int err = 0;

	connection->state = request->keep_alive ? STATE_WRITING : STATE_ENDING;
	connection->made = reply->made;
	bufferevent_disable(connection->stream, EV_READ);
	write_head(server->output, reply, request->keep_alive, packed);
	if (!request->is_head)
		err = reply->made ? begin_made(connection, packed)
				  : evbuffer_add_buffer(server->output, reply->body);
	if (err) /* the head has promised more: the client sees that this is not all */
		connection->state = STATE_ENDING;
	write_now(connection, server->output);
	connection_touch(connection);
	bound_unsent(server, connection);
}

static struct http_reply empty_reply(const struct http_server *server)
{
	return (struct http_reply){ .status = 200,
				    .type = "text/plain; charset=utf-8",
				    .body = server->body };
}

static void refuse(struct connection *connection, const struct http_refusal *refusal)
{
	struct http_server *server = connection->server;
	struct http_reply reply = empty_reply(server);
	const struct http_request request = { .accept_encoding = "", .keep_alive = false };

	reply.status = refusal->status;
	evbuffer_add_printf(reply.body, "%s\n", refusal->sentence);
	send_reply(connection, &request, &reply);
	evbuffer_drain(server->body, evbuffer_get_length(server->body));
}

/* Ask for the reply to the request that the connection has. */
static void ask(struct connection *connection)
{
	struct http_server *server = connection->server;
	struct http_reply reply = empty_reply(server);
	struct evbuffer *input = bufferevent_get_input(connection->stream);

	connection->asked = server->round;
	if (!server->answer(server->context, &connection->request, &reply)) {
		if (connection->state != STATE_WAITING)
			connection_touch(connection);
		connection->state = STATE_WAITING;
		bufferevent_disable(connection->stream, EV_READ);
		return;
	}
	send_reply(connection, &connection->request, &reply);
	evbuffer_drain(server->body, evbuffer_get_length(server->body));
	evbuffer_drain(input, connection->head);
}

/* Some clients send an empty line between two requests. */
static void skip_empty_lines(struct evbuffer *input)
{
	char byte;

	while (evbuffer_copyout(input, &byte, 1) == 1 && (byte == '\r' || byte == '\n'))
		evbuffer_drain(input, 1);
}

static void read_request(struct connection *connection)
{
	struct evbuffer *input = bufferevent_get_input(connection->stream);
	const struct http_refusal *refusal;
	size_t length, size;
	char *head;

	skip_empty_lines(input);
	length = evbuffer_get_length(input);
	head = (char *)evbuffer_pullup(input, -1);
	size = head ? http_request_head_size(head, length) : 0;
	if (!size && length >= HTTP_HEAD_MAX) {
		refuse(connection, &too_long);
	} else if (size) {
		connection->head = size;
		refusal = http_request_parse(&connection->request, head, size);
		if (refusal)
			refuse(connection, refusal);
		else
			ask(connection);
	}
}

static void on_input(struct bufferevent *stream, void *context)
{
	struct connection *connection = context;
	struct evbuffer *input = bufferevent_get_input(stream);

	if (connection->state == STATE_READING)
		read_request(connection);
	else
		evbuffer_drain(input, evbuffer_get_length(input));
}

/* Whether more of the reply has been given to the stream, or that has failed. */
static bool goes_on(struct connection *connection)
{
	struct evbuffer *output = bufferevent_get_output(connection->stream);
	int more = connection->unpacker ? http_unpacker_add(connection->unpacker, output) : 0;

	if (more < 0)
		connection->state = STATE_ENDING;
	if (more <= 0)
		forget_made(connection);
	else
		put_last(connection);
	return more > 0;
}

/* What the stream was given is written. */
static void on_written(struct bufferevent *stream, void *context)
{
	struct connection *connection = context;

	if (goes_on(connection))
		return;
	if (connection->state == STATE_WRITING) {
		connection->state = STATE_READING;
		connection_touch(connection);
		bufferevent_enable(stream, EV_READ);
		read_request(connection);
	} else if (connection->state == STATE_ENDING) {
		connection->state = STATE_LINGERING;
		shutdown(bufferevent_getfd(stream), SHUT_WR);
		bufferevent_enable(stream, EV_READ);
	}
}

/* Nothing is read while a reply is written: this is not the end of a client that waits. */
static void on_end(struct bufferevent *stream, short what, void *context)
{
	(void)stream;
	(void)what;
	connection_close(context);
}

static void on_deadline(evutil_socket_t fd, short what, void *context)
{
	struct connection *connection = context;

	(void)fd;
	(void)what;
	if (connection->state == STATE_READING &&
	    evbuffer_get_length(bufferevent_get_input(connection->stream)))
		refuse(connection, &too_slow);
	else if (connection->state == STATE_WAITING)
		refuse(connection, &too_busy);
	else
		connection_close(connection);
}

static void connection_open(struct http_server *server, evutil_socket_t fd)
{
	struct connection *connection = calloc(1, sizeof(*connection));

	if (connection)
		connection->stream =
			bufferevent_socket_new(server->base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (!connection || !connection->stream) {
		free(connection);
		evutil_closesocket(fd);
		return;
	}
	connection->server = server;
	TAILQ_INSERT_TAIL(&server->connections, connection, others);
	server->count++;
	connection->deadline = evtimer_new(server->base, on_deadline, connection);
	if (!connection->deadline) {
		connection_close(connection);
		return;
	}
	connection_touch(connection);
	bufferevent_setcb(connection->stream, on_input, on_written, on_end, connection);
	bufferevent_setwatermark(connection->stream, EV_READ, 0, HTTP_HEAD_MAX);
	bufferevent_enable(connection->stream, EV_READ | EV_WRITE);
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *from,
		      int size, void *context)
{
	struct http_server *server = context;

	(void)listener;
	(void)from;
	(void)size;
	if (server->count >= server->limits.connections)
		make_room(server);
	connection_open(server, fd);
}

/* No descriptors or no memory: make room, and do not spin on what waits. */
static void on_accept_failure(struct evconnlistener *listener, void *context)
{
	struct http_server *server = context;

	log_debug("accept a connection: %s", strerror(errno));
	make_room(server);
	evconnlistener_disable(listener);
	event_add(server->resume, &accept_pause);
}

static void on_resume(evutil_socket_t fd, short what, void *context)
{
	struct http_server *server = context;

	(void)fd;
	(void)what;
	evconnlistener_enable(server->listener);
}

static int start(struct http_server *server, const struct http_address *address)
{
	int fd = http_address_listen(address);

	if (fd < 0)
		return fd;
	server->listener = evconnlistener_new(server->base, on_accept, server,
					      LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, fd);
	server->resume = evtimer_new(server->base, on_resume, server);
	server->body = evbuffer_new();
	server->output = evbuffer_new();
	if (!server->listener) {
		evutil_closesocket(fd);
		return -ENOMEM;
	}
	if (!server->resume || !server->body || !server->output)
		return -ENOMEM;
	evconnlistener_set_error_cb(server->listener, on_accept_failure);
	return 0;
}

int http_server_open(struct http_server **opened, struct event_base *base,
		     const struct http_address *address, const struct http_limits *limits,
		     http_answer *answer_request, void *context)
{
	struct http_server *server = calloc(1, sizeof(*server));
	int err;

	*opened = NULL;
	if (!server)
		return -ENOMEM;
	server->base = base;
	server->limits = *limits;
	server->answer = answer_request;
	server->context = context;
	TAILQ_INIT(&server->connections);
	signal(SIGPIPE, SIG_IGN); /* a client that is gone is no reason to end */
	err = start(server, address);
	if (err)
		http_server_close(server);
	else
		*opened = server;
	return err;
}

static struct connection *next_to_ask(const struct http_server *server)
{
	struct connection *connection;

	TAILQ_FOREACH(connection, &server->connections, others)
	if (connection->state == STATE_WAITING && connection->asked != server->round)
		return connection;
	return NULL;
}

/* One that is served may close others, to make room. */
void http_server_resume(struct http_server *server)
{
	struct connection *connection;

	server->round++;
	while ((connection = next_to_ask(server)))
		ask(connection);
}

void http_server_close(struct http_server *server)
{
	if (!server)
		return;
	while (!TAILQ_EMPTY(&server->connections))
		connection_close(TAILQ_FIRST(&server->connections));
	if (server->listener)
		evconnlistener_free(server->listener);
	if (server->resume)
		event_free(server->resume);
	if (server->body)
		evbuffer_free(server->body);
	if (server->output)
		evbuffer_free(server->output);
	free(server);
}

struct http_address http_server_address(const struct http_server *server)
{
	struct http_address address = { .size = sizeof(address.ipv6) };

	getsockname(evconnlistener_get_fd(server->listener), &address.any, &address.size);
	return address;
}
