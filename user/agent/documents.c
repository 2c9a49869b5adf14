// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The documents that an agent serves, a row and a function each. It knows no socket and no
 * node: what there is to say hangs on the board.
 */
#include "agent/documents.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <stdlib.h>
#include <string.h>

#include "model/finding.h"
#include "print/findings_json.h"
#include "print/output.h"
#include "http/http_accept.h"
#include "base/log.h"
#include "agent/host_names.h"
#include "agent/page.h"

/* What one lookup may find, so that no reply is of many megabytes. */
#define LOOKUP_MAX 2000

struct documents {
	struct http_server *server;
	struct board *board;
	struct event *news;
	bool resuming; /* those that wait are asked again */
	struct host_names names;
	const char *file; /* of the settings */
};

static void refuse(struct http_reply *reply, unsigned int status, const char *sentence)
{
	reply->status = status;
	evbuffer_add_printf(reply->body, "%s\n", sentence);
}

static void refuse_out_of_memory(struct http_reply *reply)
{
	refuse(reply, 503, "There is no memory left to answer this.");
}

static void free_bytes(const void *bytes, size_t size, void *context)
{
	(void)size;
	(void)context;
	free((void *)bytes);
}

/* The printers write to a FILE, whose bytes become the body as they are. */
struct body {
	FILE *to;
	char *bytes;
	size_t size;
};

static bool body_open(struct body *body)
{
	*body = (struct body){ 0 };
	body->to = open_memstream(&body->bytes, &body->size);
	return body->to;
}

static void body_close(struct body *body, struct http_reply *reply)
{
	if (fclose(body->to)) {
		free(body->bytes);
		refuse_out_of_memory(reply);
	} else {
		evbuffer_add_reference(reply->body, body->bytes, body->size, free_bytes, NULL);
	}
}

static bool answer_page(const struct documents *documents, const struct http_request *request,
			struct http_reply *reply)
{
	(void)documents;
	(void)request;
	reply->type = "text/html; charset=utf-8";
	reply->policy = page_policy();
	evbuffer_add_reference(reply->body, page_bytes(), page_size(), NULL, NULL);
	return true;
}

/* The report of the node, as it was printed last. */
static bool answer_report(const struct documents *documents, const struct output *output,
			  struct http_reply *reply)
{
	enum board_answer answer =
		board_take(documents->board, output, documents->resuming, &reply->made);

	if (answer == BOARD_WAITS)
		return false;
	if (answer == BOARD_FAILED)
		refuse_out_of_memory(reply);
	else
		reply->type = output->type;
	return true;
}

static bool answer_metrics(const struct documents *documents, const struct http_request *request,
			   struct http_reply *reply)
{
	bool openmetrics = http_accepts_openmetrics(request->accept);

	return answer_report(documents, openmetrics ? &output_openmetrics : &output_metrics, reply);
}

static bool answer_counters(const struct documents *documents, const struct http_request *request,
			    struct http_reply *reply)
{
	(void)request;
	return answer_report(documents, &output_json, reply);
}

static bool answer_health(const struct documents *documents, const struct http_request *request,
			  struct http_reply *reply)
{
	(void)request;
	if (board_is_alive(documents->board))
		evbuffer_add_printf(reply->body, "alive\n");
	else
		refuse(reply, 503, "The agent has not gone round its loop for a minute.");
	return true;
}

static bool answer_ready(const struct documents *documents, const struct http_request *request,
			 struct http_reply *reply)
{
	(void)request;
	if (!board_ready(documents->board, reply->body))
		reply->status = 503;
	return true;
}

static void refuse_word(struct http_reply *reply, const char *fault)
{
	reply->status = 400;
	evbuffer_add_printf(reply->body, "This can't be looked up: %s.\n", fault);
}

static void write_findings(const struct findings *findings, struct http_reply *reply)
{
	struct body body;

	if (!body_open(&body)) {
		refuse_out_of_memory(reply);
		return;
	}
	findings_json(body.to, findings, false);
	reply->type = output_json.type;
	body_close(&body, reply);
}

static void look_up(const struct table *table, const char *word, struct http_reply *reply)
{
	struct findings findings = { 0 };
	const char *fault;
	int err = findings_of_word(&findings, table->ports, word, &fault);

	if (err == OUTCOME_USAGE)
		refuse_word(reply, fault);
	else if (err == OUTCOME_NOT_FOUND)
		refuse(reply, 404, "This is no port, and no service or alias has that name.");
	else if (err)
		refuse_out_of_memory(reply);
	else if (findings.count > LOOKUP_MAX)
		refuse(reply, 400, "These are too many ports at once: ask for fewer.");
	else
		write_findings(&findings, reply);
	findings_close(&findings);
}

static bool answer_lookup(const struct documents *documents, const struct http_request *request,
			  struct http_reply *reply)
{
	const struct table *borrowed = board_borrow_table(documents->board);
	struct evkeyvalq parameters = { 0 };
	const char *word = NULL;

	if (!evhttp_parse_query_str(request->query, &parameters))
		word = evhttp_find_header(&parameters, "q");
	if (!borrowed)
		refuse(reply, 503, "No registry is loaded.");
	else if (!word || !*word)
		refuse(reply, 400, "Ask for a port or a name: /api/v1/lookup?q=443/tcp");
	else
		look_up(borrowed, word, reply);
	board_return_table(documents->board);
	evhttp_clear_headers(&parameters);
	return true;
}

static const struct document {
	const char *path;
	bool (*answer)(const struct documents *documents, const struct http_request *request,
		       struct http_reply *reply);
} table[] = {
	{ "/", answer_page },
	{ "/metrics", answer_metrics },
	{ "/healthz", answer_health },
	{ "/readyz", answer_ready },
	{ "/api/v1/counters", answer_counters },
	{ "/api/v1/lookup", answer_lookup },
};

/* A page that had its own name mean this machine gets no count, and people get the way out. */
static void refuse_host(const struct documents *documents, const char *host,
			struct http_reply *reply)
{
	char name[HTTP_HOST_NAME_SIZE];

	refuse(reply, 421, "This is not the host that the request is for.");
	if (http_host_name(name, host))
		evbuffer_add_printf(reply->body,
				    "If it is to be, add this to the agent's settings (%s), "
				    "and restart it:\n"
				    "host %s\n",
				    documents->file, name);
}

static bool answer(void *context, const struct http_request *request, struct http_reply *reply)
{
	struct documents *documents = context;

	if (request->host && !host_names_have(&documents->names, request->host)) {
		refuse_host(documents, request->host, reply);
		return true;
	}
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(request->path, table[i].path) == 0)
			return table[i].answer(context, request, reply);
	refuse(reply, 404, "There is no such document here.");
	return true;
}

static void on_news(evutil_socket_t descriptor, short what, void *context)
{
	struct documents *documents = context;

	(void)descriptor;
	(void)what;
	board_hear_news(documents->board);
	if (board_ends(documents->board)) {
		event_base_loopbreak(event_get_base(documents->news));
		return;
	}
	documents->resuming = true;
	http_server_resume(documents->server);
	documents->resuming = false;
}

static int listen_to_news(struct documents *documents, struct event_base *base)
{
	documents->news = event_new(base, board_news(documents->board), EV_READ | EV_PERSIST,
				    on_news, documents);
	return documents->news && !event_add(documents->news, NULL) ? 0 : -ENOMEM;
}

int documents_open(struct documents **opened, struct event_base *base,
		   const struct documents_options *options, struct board *board)
{
	struct http_address address;
	struct documents *documents;
	int err;

	*opened = NULL;
	if (!http_address_parse(&address, options->listen))
		return log_say(OUTCOME_USAGE,
			       "listen on %s: no address (like 127.0.0.1:9635, [::1]:9635, 9635"
			       " for loopback or :9635 for every one)",
			       options->listen);
	documents = calloc(1, sizeof(*documents));
	if (!documents)
		return -ENOMEM;
	documents->board = board;
	documents->names.given = options->hosts;
	documents->file = options->file;
	err = http_server_open(&documents->server, base, &address, &options->limits, answer,
			       documents);
	if (!err)
		err = listen_to_news(documents, base);
	if (err)
		documents_close(documents);
	else
		*opened = documents;
	return err;
}

void documents_close(struct documents *documents)
{
	if (!documents)
		return;
	if (documents->news)
		event_free(documents->news);
	http_server_close(documents->server);
	free(documents);
}

struct http_address documents_address(const struct documents *documents)
{
	return http_server_address(documents->server);
}
