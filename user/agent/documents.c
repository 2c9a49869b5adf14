// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The documents, one function each, and their paths.
 */
#include "agent/documents.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <stdlib.h>
#include <string.h>

#include "model/finding.h"
#include "print/format.h"
#include "http/http_accept.h"
#include "base/json.h"
#include "base/log.h"
#include "print/metrics.h"
#include "agent/page.h"

/* What one lookup may find, so that no reply is of many megabytes. */
#define LOOKUP_MAX 2000

struct http {
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

static void answer_metrics(struct node *node, const struct http_request *request,
			   struct http_reply *reply)
{
	enum metrics_format format =
		http_accepts_openmetrics(request->accept) ? METRICS_OPENMETRICS : METRICS_TEXT;
	struct scrape scrape;
	struct body body;

	if (scrape_open(&scrape, node)) {
		refuse_out_of_memory(reply);
		return;
	}
	if (body_open(&body)) {
		metrics_write(body.to, &scrape, format);
		reply->type = metrics_type(format);
		body_close(&body, reply);
	} else {
		refuse_out_of_memory(reply);
	}
	scrape_close(&scrape);
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

		if (!interface->attached)
			evbuffer_add_printf(reply->body, "%s: %s\n", interface->name, error);
	}
}

static void write_json(struct http_reply *reply, struct json_object *document)
{
	struct body body;

	if (!body_open(&body)) {
		json_object_put(document);
		json_set_aside();
		refuse_out_of_memory(reply);
		return;
	}
	reply->type = "application/json";
	if (json_write(body.to, document, false))
		body_close(&body, reply);
	else
		body_drop(&body, reply);
}

/* An interface can vanish at any moment: then it has no counts any more. */
static int append_counters(struct json_object *array, struct node *node, size_t index)
{
	const struct format_options options = { 0 };
	struct json_object *document;
	struct snapshot snapshot;

	if (!node->interfaces[index].attached || node_read(node, index, &snapshot))
		return 0;
	document = format_json(&snapshot, &options);
	snapshot_close(&snapshot);
	if (!document)
		return -ENOMEM;
	json_append(array, document);
	return 0;
}

static void answer_counters(struct node *node, const struct http_request *request,
			    struct http_reply *reply)
{
	struct json_object *array = json_new_array();
	int err = array ? 0 : -ENOMEM;

	(void)request;
	for (size_t i = 0; !err && i < node->count; i++)
		err = append_counters(array, node, i);
	if (!err) {
		write_json(reply, array);
	} else {
		json_object_put(array);
		json_set_aside();
		refuse_out_of_memory(reply);
	}
}

static void refuse_word(struct http_reply *reply, const char *fault)
{
	reply->status = 400;
	evbuffer_add_printf(reply->body, "This can't be looked up: %s.\n", fault);
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
		write_json(reply, findings_json(&findings));
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
} documents[] = {
	{ "/", answer_page },
	{ "/metrics", answer_metrics },
	{ "/healthz", answer_health },
	{ "/readyz", answer_ready },
	{ "/api/v1/counters", answer_counters },
	{ "/api/v1/lookup", answer_lookup },
};

static void answer(void *context, const struct http_request *request, struct http_reply *reply)
{
	const struct http *http = context;

	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
		if (strcmp(request->path, documents[i].path) == 0) {
			documents[i].answer(http->node, request, reply);
			return;
		}
	}
	refuse(reply, 404, "There is no such document here.");
}

int http_open(struct http **opened, struct event_base *base, const struct http_options *options,
	      struct node *node)
{
	struct http_address address;
	struct http *http;
	int err;

	*opened = NULL;
	if (!http_address_parse(&address, options->listen))
		return log_say(OUTCOME_USAGE,
			       "listen on %s: no address (like 127.0.0.1:9635, [::1]:9635 or :9635"
			       " for every one)",
			       options->listen);
	http = calloc(1, sizeof(*http));
	if (!http)
		return -ENOMEM;
	http->node = node;
	err = http_server_open(&http->server, base, &address, &options->limits, answer, http);
	if (err)
		free(http);
	else
		*opened = http;
	return err;
}

void http_close(struct http *http)
{
	if (!http)
		return;
	http_server_close(http->server);
	free(http);
}

struct http_address http_address(const struct http *http)
{
	return http_server_address(http->server);
}
