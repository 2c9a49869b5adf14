// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The head of an HTTP/1 request. Bodies are refused, so none is read.
 */
#include "http/http_request.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "http/http_host.h"

#define SENTENCE(name, status, sentence) \
	static const struct http_refusal name = { status, sentence }

SENTENCE(bad_bytes, 400, "The head of the request has control characters in it.");
SENTENCE(bad_line, 400, "The request line is not METHOD TARGET HTTP/1.1.");
SENTENCE(bad_target, 400, "The target of the request does not begin with a slash.");
SENTENCE(bad_header, 400, "A header line is not NAME: VALUE.");
SENTENCE(no_host, 400, "HTTP/1.1 asks for a header Host.");
SENTENCE(bad_host, 400, "The host that the request is for is not HOST or HOST:PORT.");
SENTENCE(repeated, 400, "A header stands twice that may stand once.");
SENTENCE(bad_method, 405, "Only GET and HEAD are served here.");
SENTENCE(has_body, 413, "A request with a body is not served here.");
SENTENCE(bad_version, 505, "Only HTTP/1.0 and HTTP/1.1 are spoken here.");

/* The header lines that matter. */
struct headers {
	const char *accept;
	const char *accept_encoding;
	const char *connection;
	const char *content_length;
	const char *transfer_encoding;
	const char *host;
	bool is_repeated; /* one of those that may stand once */
};

static size_t line_size(const char *bytes, size_t size)
{
	const char *end = memchr(bytes, '\n', size);

	return end ? (size_t)(end - bytes) + 1 : 0;
}

size_t http_request_head_size(const char *bytes, size_t size)
{
	size_t used = 0, line;

	while ((line = line_size(bytes + used, size - used))) {
		bool is_empty = line == 1 || (line == 2 && bytes[used] == '\r');

		used += line;
		if (is_empty)
			return used;
	}
	return 0;
}

static bool is_token(const char *text)
{
	if (!*text)
		return false;
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && !strchr("!#$%&'*+-.^_`|~", *text))
			return false;
	return true;
}

/* Blank, tab and visible; a CR only before the LF that ends the line. */
static bool has_control(const char *head, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		unsigned char byte = (unsigned char)head[i];

		if (byte == '\n' || byte == '\t' || (byte >= ' ' && byte != 0x7f))
			continue;
		if (byte != '\r' || i + 1 == size || head[i + 1] != '\n')
			return true;
	}
	return false;
}

/* The next line as a string; NULL: the empty one that ends the head, or the end. */
static char *next_line(char **rest, size_t *left)
{
	char *line = *rest;
	size_t size = line_size(line, *left);

	if (!size)
		return NULL;
	*rest += size;
	*left -= size;
	line[size - 1] = '\0';
	if (size > 1 && line[size - 2] == '\r')
		line[size - 2] = '\0';
	return *line ? line : NULL;
}

static const struct http_refusal *parse_version(struct http_request *request, const char *version)
{
	if (strncmp(version, "HTTP/", 5) != 0 || !isdigit((unsigned char)version[5]) ||
	    version[6] != '.' || !isdigit((unsigned char)version[7]) || version[8])
		return &bad_line;
	if (version[5] != '1' || version[7] > '1')
		return &bad_version;
	request->keep_alive = version[7] == '1';
	return NULL;
}

/*
 * A proxy's form, http://host/path, is as good as /path. The host is shifted over the slash
 * before it, to make room for its end. Returns the path; NULL: there is none.
 */
static char *parse_authority(struct http_request *request, char *target)
{
	static const char scheme[] = "http://";
	size_t size;

	if (strncasecmp(target, scheme, strlen(scheme)) != 0)
		return target;
	target += strlen(scheme);
	size = strcspn(target, "/");
	if (!size)
		return NULL;
	request->host = memmove(target - 1, target, size);
	target[size - 1] = '\0';
	return target + size;
}

static const struct http_refusal *parse_target(struct http_request *request, char *target)
{
	char *query;

	target = parse_authority(request, target);
	if (!target || *target != '/')
		return &bad_target;
	query = strchr(target, '?');
	if (query)
		*query++ = '\0';
	request->path = target;
	request->query = query ? query : "";
	return NULL;
}

static const struct http_refusal *parse_line(struct http_request *request, char *line)
{
	char *target = line ? strchr(line, ' ') : NULL;
	char *version = target ? strchr(target + 1, ' ') : NULL;
	const struct http_refusal *refusal;

	if (!version)
		return &bad_line;
	*target++ = '\0';
	*version++ = '\0';
	if (!is_token(line))
		return &bad_line;
	refusal = parse_version(request, version);
	if (refusal)
		return refusal;
	request->is_head = strcmp(line, "HEAD") == 0;
	if (!request->is_head && strcmp(line, "GET") != 0)
		return &bad_method;
	return parse_target(request, target);
}

static char *trim(char *value)
{
	size_t size;

	value += strspn(value, " \t");
	for (size = strlen(value); size && strchr(" \t", value[size - 1]); size--)
		value[size - 1] = '\0';
	return value;
}

static const struct http_refusal *parse_header(struct headers *headers, char *line)
{
	const struct {
		const char *name;
		const char **value;
		bool once;
	} wanted[] = {
		{ "Accept", &headers->accept, false },
		{ "Accept-Encoding", &headers->accept_encoding, false },
		{ "Connection", &headers->connection, false },
		{ "Content-Length", &headers->content_length, true },
		{ "Transfer-Encoding", &headers->transfer_encoding, true },
		{ "Host", &headers->host, true },
	};
	char *colon = strchr(line, ':');

	if (!colon)
		return &bad_header;
	*colon = '\0';
	if (!is_token(line))
		return &bad_header;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		if (strcasecmp(line, wanted[i].name) != 0)
			continue;
		headers->is_repeated |= wanted[i].once && *wanted[i].value;
		*wanted[i].value = trim(colon + 1);
	}
	return NULL;
}

/* Whether a list of words, as Connection has it, holds @word. */
static bool has_word(const char *list, const char *word)
{
	size_t size = strlen(word);

	for (list += strspn(list, " \t,"); *list; list += strspn(list, " \t,")) {
		size_t length = strcspn(list, " \t,");

		if (length == size && strncasecmp(list, word, size) == 0)
			return true;
		list += length;
	}
	return false;
}

static const struct http_refusal *judge(struct http_request *request, const struct headers *headers)
{
	bool is_1_1 = request->keep_alive;

	if (headers->transfer_encoding ||
	    (headers->content_length && strcmp(headers->content_length, "0") != 0))
		return &has_body;
	if (headers->is_repeated)
		return &repeated;
	if (is_1_1 && !headers->host)
		return &no_host;
	/* A target that says it is right, whatever the header says. */
	if (!request->host)
		request->host = headers->host;
	if (request->host && !http_host_is_valid(request->host))
		return &bad_host;
	if (headers->connection && has_word(headers->connection, "close"))
		request->keep_alive = false;
	else if (headers->connection && has_word(headers->connection, "keep-alive"))
		request->keep_alive = true;
	request->accept = headers->accept ? headers->accept : "";
	request->accept_encoding = headers->accept_encoding ? headers->accept_encoding : "";
	return NULL;
}

const struct http_refusal *http_request_parse(struct http_request *request, char *head, size_t size)
{
	struct headers headers = { 0 };
	const struct http_refusal *refusal;
	char *line;

	*request = (struct http_request){
		.path = "", .query = "", .accept = "", .accept_encoding = ""
	};
	if (has_control(head, size))
		return &bad_bytes;
	refusal = parse_line(request, next_line(&head, &size));
	while (!refusal && (line = next_line(&head, &size)))
		refusal = parse_header(&headers, line);
	return refusal ? refusal : judge(request, &headers);
}
