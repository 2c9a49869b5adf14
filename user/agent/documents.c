// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The documents that an agent serves, a row and a function each. It knows no socket, and
 * reads the node only through reports.
 */
#include "agent/documents.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <stdlib.h>
#include <string.h>

#include "model/finding.h"
#include "print/findings_json.h"
#include "print/output.h"
#include "http/http_accept.h"
#include "base/log.h"
#include "agent/node_report.h"
#include "agent/page.h"

/* What one lookup may find, so that no reply is of many megabytes. */
#define LOOKUP_MAX 2000

struct documents {
	struct http_server *server;
	struct node *node;
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

static void body_drop(struct body *body, struct http_reply *reply)
{
	fclose(body->to);
	free(body->bytes);
	refuse_out_of_memory(reply);
}

static void answer_page(struct node *node, const struct http_request *request,
			struct http_reply *reply)
{
	(void)node;
	(void)request;
	reply->type = "text/html; charset=utf-8";
	reply->policy = page_policy();
	evbuffer_add_reference(reply->body, page_bytes(), page_size(), NULL, NULL);
}

/* The report of the node, printed. */
static void answer_report(struct node *node, const struct output *output, struct http_reply *reply)
{
	const struct format_options options = { 0 };
	struct report report;
	struct body body;
	int err = node_report_open(&report, node);

	if (err || !body_open(&body)) {
		refuse_out_of_memory(reply);
	} else if (output->write(body.to, &report, &options)) {
		body_drop(&body, reply);
	} else {
		reply->type = output->type;
		body_close(&body, reply);
	}
	report_close(&report);
}

static void answer_metrics(struct node *node, const struct http_request *request,
			   struct http_reply *reply)
{
	bool openmetrics = http_accepts_openmetrics(request->accept);

	answer_report(node, openmetrics ? &output_openmetrics : &output_metrics, reply);
}

static void answer_counters(struct node *node, const struct http_request *request,
			    struct http_reply *reply)
{
	(void)request;
	answer_report(node, &output_json, reply);
}

static void answer_health(struct node *node, const struct http_request *request,
			  struct http_reply *reply)
{
	(void)node;
	(void)request;
	evbuffer_add_printf(reply->body, "alive\n");
}

static void list_patterns(struct evbuffer *to, const char *keyword, const struct words *patterns)
{
	for (size_t i = 0; i < patterns->count; i++)
		evbuffer_add_printf(to, " %s %s", keyword, patterns->words[i]);
}

/* What it waits for, in the words of the settings. */
static void explain_idleness(const struct node *node, struct evbuffer *to)
{
	bool routes = !node->wanted->count;

	evbuffer_add_printf(to, "no interface %s", routes ? "has a default route" : "matches");
	list_patterns(to, "dev", node->wanted);
	list_patterns(to, "except", node->unwanted);
	evbuffer_add(to, "\n", 1);
}

static void answer_ready(struct node *node, const struct http_request *request,
			 struct http_reply *reply)
{
	(void)request;
	if (node_is_ready(node)) {
		evbuffer_add_printf(reply->body, "ready\n");
		return;
	}
	refuse(reply, 503, "The classifier is not attached to every interface that is wanted.");
	if (!node->count)
		explain_idleness(node, reply->body);
	for (size_t i = 0; i < node->count; i++) {
		const struct node_interface *interface = &node->interfaces[i];
		const char *error = interface->error[0] ? interface->error : "not attached yet";

		if (!node_is_attached(interface))
			evbuffer_add_printf(reply->body, "%s: %s\n", interface->name, error);
	}
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

static void look_up(struct node *node, const char *word, struct http_reply *reply)
{
	struct findings findings = { 0 };
	const char *fault;
	int err = findings_of_word(&findings, node->table->ports, word, &fault);

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

static void answer_lookup(struct node *node, const struct http_request *request,
			  struct http_reply *reply)
{
	struct evkeyvalq parameters = { 0 };
	const char *word = NULL;

	if (!evhttp_parse_query_str(request->query, &parameters))
		word = evhttp_find_header(&parameters, "q");
	if (!node->table)
		refuse(reply, 503, "No registry is loaded.");
	else if (!word || !*word)
		refuse(reply, 400, "Ask for a port or a name: /api/v1/lookup?q=443/tcp");
	else
		look_up(node, word, reply);
	evhttp_clear_headers(&parameters);
}

static const struct document {
	const char *path;
	void (*answer)(struct node *node, const struct http_request *request,
		       struct http_reply *reply);
} table[] = {
	{ "/", answer_page },
	{ "/metrics", answer_metrics },
	{ "/healthz", answer_health },
	{ "/readyz", answer_ready },
	{ "/api/v1/counters", answer_counters },
	{ "/api/v1/lookup", answer_lookup },
};

static void answer(void *context, const struct http_request *request, struct http_reply *reply)
{
	const struct documents *documents = context;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (strcmp(request->path, table[i].path) == 0) {
			table[i].answer(documents->node, request, reply);
			return;
		}
	}
	refuse(reply, 404, "There is no such document here.");
}

int documents_open(struct documents **opened, struct event_base *base,
		   const struct documents_options *options, struct node *node)
{
	struct http_address address;
	struct documents *documents;
	int err;

	*opened = NULL;
	if (!http_address_parse(&address, options->listen))
		return log_say(OUTCOME_USAGE,
			       "listen on %s: no address (like 127.0.0.1:9635, [::1]:9635 or :9635"
			       " for every one)",
			       options->listen);
	documents = calloc(1, sizeof(*documents));
	if (!documents)
		return -ENOMEM;
	documents->node = node;
	err = http_server_open(&documents->server, base, &address, &options->limits, answer,
			       documents);
	if (err)
		free(documents);
	else
		*opened = documents;
	return err;
}

void documents_close(struct documents *documents)
{
	if (!documents)
		return;
	http_server_close(documents->server);
	free(documents);
}

struct http_address documents_address(const struct documents *documents)
{
	return http_server_address(documents->server);
}
