// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Content negotiation: which of two formats a client would rather have, and whether it
 * unpacks gzip. Languages are not looked at.
 */
#include "http/http_accept.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

/* A part of the header; nothing is copied. */
struct part {
	const char *text;
	size_t size;
};

/* What is wanted, in thousandths; -1: not said. */
struct wishes {
	int openmetrics;
	int text;
	int anything;
};

static bool is(struct part part, const char *word)
{
	return part.size == strlen(word) && strncasecmp(part.text, word, part.size) == 0;
}

static struct part trim(struct part part)
{
	while (part.size && strchr(" \t", *part.text)) {
		part.text++;
		part.size--;
	}
	while (part.size && strchr(" \t", part.text[part.size - 1]))
		part.size--;
	return part;
}

/* Take the part before the first @separator off @rest. No type has quotes around one. */
static struct part take(struct part *rest, char separator)
{
	const char *end = memchr(rest->text, separator, rest->size);
	struct part part = { rest->text, end ? (size_t)(end - rest->text) : rest->size };
	size_t used = part.size + (end ? 1 : 0);

	rest->text += used;
	rest->size -= used;
	return trim(part);
}

/* 0, 1, 0.5, 0.123 as thousandths; anything else counts as 0. */
static int thousandths(struct part part)
{
	int value = 0, unit = 1000;

	if (!part.size || (part.size > 1 && part.text[1] != '.') || part.size > strlen("0.000"))
		return 0;
	for (size_t i = 0; i < part.size; i++) {
		if (i == 1)
			continue;
		if (part.text[i] < '0' || part.text[i] > '9')
			return 0;
		value += (part.text[i] - '0') * unit;
		unit /= 10;
	}
	return value <= 1000 ? value : 0;
}

static void raise_to(int *wish, int weight)
{
	if (*wish < weight)
		*wish = weight;
}

/* One media range and its parameters: TYPE;version=1.0.0;q=0.5 */
static void read_range(struct wishes *wishes, struct part range)
{
	struct part type = take(&range, ';');
	int weight = 1000;
	bool is_ours = true; /* of the version that we write, or of any */

	while (range.size) {
		struct part value = take(&range, ';'), name = take(&value, '=');

		value = trim(value);
		if (is(name, "q"))
			weight = thousandths(value);
		else if (is(name, "version"))
			is_ours = is(value, "1.0.0") || is(value, "\"1.0.0\"");
	}
	if (is(type, "application/openmetrics-text")) {
		if (is_ours)
			raise_to(&wishes->openmetrics, weight);
	} else if (is(type, "text/plain")) {
		raise_to(&wishes->text, weight);
	} else if (is(type, "text/*") || is(type, "*/*")) {
		raise_to(&wishes->anything, weight);
	}
}

bool http_accepts_openmetrics(const char *accept)
{
	struct wishes wishes = { -1, -1, -1 };
	struct part rest = { accept, strlen(accept) };

	while (rest.size)
		read_range(&wishes, take(&rest, ','));
	if (wishes.text < 0)
		wishes.text = wishes.anything;
	return wishes.openmetrics > 0 && wishes.openmetrics >= wishes.text;
}

/* What a coding weighs among those that are named; -1: it is not. */
static int weight_of(const char *codings, const char *coding)
{
	struct part rest = { codings, strlen(codings) };
	int weight = -1;

	while (rest.size) {
		struct part range = take(&rest, ','), name = take(&range, ';');
		struct part value = take(&range, ';'), key = take(&value, '=');

		if (is(name, coding))
			raise_to(&weight, is(key, "q") ? thousandths(trim(value)) : 1000);
	}
	return weight;
}

bool http_accepts_gzip(const char *accept_encoding)
{
	int gzip = weight_of(accept_encoding, "gzip");
	int plain = weight_of(accept_encoding, "identity");

	if (gzip < 0)
		gzip = weight_of(accept_encoding, "*");
	return gzip > 0 && gzip >= plain;
}
