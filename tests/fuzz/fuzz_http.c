// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* What a client sends: heads of requests, whole or not, one behind the other. */
#include <stdlib.h>
#include <string.h>

#include "http/http_accept.h"
#include "http/http_host.h"
#include "http/http_request.h"

#include "fuzz.h"

static void check_within(const char *text, const char *head, size_t size)
{
	if (!*text) /* a constant, if the head does not say it */
		return;
	fuzz_check(text > head && text < head + size);
	fuzz_check(memchr(text, '\0', (size_t)(head + size - text)));
	fuzz_check(!strpbrk(text, "\r\n"));
}

/* Nobody's name is an address, what is shown is printable, and it is the name that was said. */
static void check_host(const char *host, const char *head, size_t size)
{
	char name[HTTP_HOST_NAME_SIZE];

	check_within(host, head, size);
	fuzz_check(http_host_is_valid(host));
	if (!http_host_name(name, host))
		return;
	fuzz_check(fuzz_is_printable(name) && http_host_is_name(name));
	fuzz_check(http_host_is_called(host, name) && http_host_is_called(name, host));
	fuzz_check(http_host_is_fixed(host) == http_host_is_fixed(name));
}

static void check_request(const struct http_request *request, const char *head, size_t size)
{
	fuzz_check(request->path[0] == '/' && !strchr(request->path, '?'));
	check_within(request->path, head, size);
	check_within(request->query, head, size);
	check_within(request->accept, head, size);
	check_within(request->accept_encoding, head, size);
	if (request->host)
		check_host(request->host, head, size);
	http_accepts_gzip(request->accept_encoding);
	http_accepts_openmetrics(request->accept);
}

static void check_refusal(const struct http_refusal *refusal)
{
	fuzz_check(refusal->status >= 400 && refusal->status < 600);
	fuzz_check(fuzz_is_printable(refusal->sentence));
}

/* A head has one end: more bytes move it not, fewer take it away. */
static void check_size(const uint8_t *bytes, size_t size, size_t head)
{
	const char *text = (const char *)bytes;

	fuzz_check(head <= size && bytes[head - 1] == '\n');
	fuzz_check(http_request_head_size(text, head) == head);
	fuzz_check(!http_request_head_size(text, head - 1));
}

/* In a block of its own size, as it is taken apart in place. */
static void parse(const uint8_t *bytes, size_t size)
{
	char *head = malloc(size);
	const struct http_refusal *refusal;
	struct http_request request;

	fuzz_check(head);
	memcpy(head, bytes, size);
	refusal = http_request_parse(&request, head, size);
	if (refusal)
		check_refusal(refusal);
	else
		check_request(&request, head, size);
	free(head);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	size_t head;

	for (; (head = http_request_head_size((const char *)bytes, size)); size -= head) {
		check_size(bytes, size, head);
		parse(bytes, head);
		bytes += head;
	}
	return 0;
}
