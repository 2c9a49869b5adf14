// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Names of hosts as requests say them: taken apart and compared, never looked up.
 */
#include "http/http_host.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

/* RFC 3986's reg-name, with the colon and the brackets of addresses beside it. */
#define HOST_MARKS "-._~%!$&'()*+,;="

/* The part of HOST:PORT that is the host, without brackets; nothing is copied. */
struct host {
	const char *text;
	size_t size;
	bool bracketed;
};

/* @rest: what follows the host: nothing, or a colon and the port. */
static struct host split(const char *text, const char **rest)
{
	struct host host = { .text = text, .size = strcspn(text, ":") };
	const char *end = *text == '[' ? strchr(text, ']') : NULL;

	if (end)
		host = (struct host){ text + 1, (size_t)(end - text) - 1, true };
	*rest = host.bracketed ? end + 1 : text + host.size;
	return host;
}

static bool is_port(const char *rest)
{
	return !*rest || (*rest == ':' && !rest[1 + strspn(rest + 1, "0123456789")]);
}

bool http_host_is_valid(const char *text)
{
	const char *rest;
	struct host host = split(text, &rest);

	for (size_t i = 0; i < host.size; i++) {
		unsigned char byte = (unsigned char)host.text[i];

		if (byte >= 0x80 || (!isalnum(byte) && !strchr(HOST_MARKS, byte) &&
				     !(byte == ':' && host.bracketed)))
			return false;
	}
	return is_port(rest);
}

/* The dot that says that the name is a whole one. */
static struct host without_dot(struct host host)
{
	if (host.size > 1 && !host.bracketed && host.text[host.size - 1] == '.')
		host.size--;
	return host;
}

static struct host host_of(const char *text)
{
	const char *rest;

	return without_dot(split(text, &rest));
}

static bool is_called(struct host host, struct host name)
{
	return !host.bracketed && host.size == name.size &&
	       strncasecmp(host.text, name.text, name.size) == 0;
}

/* A zone behind the address is the client's own affair. */
static bool is_address(struct host host)
{
	char text[INET6_ADDRSTRLEN], binary[sizeof(struct in6_addr)];
	const char *zone = host.bracketed ? memchr(host.text, '%', host.size) : NULL;

	if (zone)
		host.size = (size_t)(zone - host.text);
	if (host.size >= sizeof(text))
		return false;
	memcpy(text, host.text, host.size);
	text[host.size] = '\0';
	return inet_pton(host.bracketed ? AF_INET6 : AF_INET, text, binary) == 1;
}

bool http_host_is_fixed(const char *text)
{
	static const struct host localhost = { .text = "localhost", .size = 9 };
	struct host host = host_of(text), last = host;

	if (is_address(host))
		return true;
	if (last.size > localhost.size) {
		last.text += last.size - localhost.size;
		last.size = localhost.size;
	}
	return is_called(last, localhost) && (last.text == host.text || last.text[-1] == '.');
}

bool http_host_is_called(const char *text, const char *name)
{
	return is_called(host_of(text), host_of(name));
}

static bool is_name(struct host host)
{
	if (host.bracketed || !host.size || host.size >= HTTP_HOST_NAME_SIZE)
		return false;
	for (size_t i = 0; i < host.size; i++) {
		unsigned char byte = (unsigned char)host.text[i];
		bool is_dot = byte == '.' && i && host.text[i - 1] != '.';

		if (byte >= 0x80 || (!isalnum(byte) && byte != '-' && byte != '_' && !is_dot))
			return false;
	}
	return host.text[host.size - 1] != '.';
}

bool http_host_is_name(const char *name)
{
	return is_name(without_dot((struct host){ .text = name, .size = strlen(name) }));
}

bool http_host_name(char *name, const char *text)
{
	struct host host = host_of(text);

	if (!is_name(host))
		return false;
	for (size_t i = 0; i < host.size; i++)
		name[i] = (char)tolower((unsigned char)host.text[i]);
	name[host.size] = '\0';
	return true;
}
