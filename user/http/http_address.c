// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Addresses to listen on, read, written and opened. Names of hosts are not resolved.
 */
#include "http/http_address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/port_range.h"

#define LOOPBACK "127.0.0.1"

/* Connections that may wait to be accepted. */
#define BACKLOG 1024

/* The parts of HOST:PORT, each without its brackets and colon. */
struct parts {
	char host[INET6_ADDRSTRLEN + IF_NAMESIZE];
	bool bracketed;
	const char *port; /* NULL: there is none */
};

static bool copy_host(struct parts *parts, const char *host, size_t size)
{
	if (size >= sizeof(parts->host))
		return false;
	memcpy(parts->host, host, size);
	parts->host[size] = '\0';
	return true;
}

static bool split_bracketed(struct parts *parts, const char *text)
{
	const char *end = strchr(text, ']');

	if (!end || (end[1] && end[1] != ':'))
		return false;
	parts->bracketed = true;
	parts->port = end[1] ? end + 2 : NULL;
	return copy_host(parts, text + 1, (size_t)(end - text) - 1);
}

static bool split(struct parts *parts, const char *text)
{
	const char *colon = strchr(text, ':');

	if (*text == '[')
		return split_bracketed(parts, text);
	if (!colon && *text && !text[strspn(text, "0123456789")]) {
		parts->port = text;
		return copy_host(parts, LOOPBACK, strlen(LOOPBACK));
	}
	parts->port = colon ? colon + 1 : NULL;
	return copy_host(parts, text, colon ? (size_t)(colon - text) : strlen(text)) && *text;
}

static bool parse_port(in_port_t *port, const char *text)
{
	struct port_range range = { HTTP_PORT_DEFAULT, HTTP_PORT_DEFAULT };

	if (text && (!port_range_parse(&range, text, strlen(text)) || strchr(text, '-')))
		return false;
	*port = htons(range.first);
	return true;
}

/* A socket of IPv6 that is bound to no address takes IPv4 too. */
static void set_ipv6(struct http_address *address, in_port_t port)
{
	address->ipv6 = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_port = port };
	address->size = sizeof(address->ipv6);
}

static void set_ipv4(struct http_address *address, in_port_t port)
{
	address->ipv4 = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = port };
	address->size = sizeof(address->ipv4);
}

/* With an interface behind it if it is link-local, and only then. */
static bool parse_ipv6(struct sockaddr_in6 *ipv6, char *host)
{
	char *interface = strchr(host, '%');

	if (interface)
		*interface++ = '\0';
	if (inet_pton(AF_INET6, host, &ipv6->sin6_addr) != 1)
		return false;
	if (interface)
		ipv6->sin6_scope_id = if_nametoindex(interface);
	return !interface == !IN6_IS_ADDR_LINKLOCAL(&ipv6->sin6_addr) &&
	       !interface == !ipv6->sin6_scope_id;
}

bool http_address_parse(struct http_address *address, const char *text)
{
	struct parts parts = { 0 };
	in_port_t port;

	*address = (struct http_address){ 0 };
	if (!split(&parts, text) || !parse_port(&port, parts.port))
		return false;
	set_ipv6(address, port);
	if (!parts.bracketed && !parts.host[0])
		return true;
	if (parts.bracketed && strchr(parts.host, ':'))
		return parse_ipv6(&address->ipv6, parts.host);
	*address = (struct http_address){ 0 };
	set_ipv4(address, port);
	if (!parts.bracketed && strcmp(parts.host, "localhost") == 0)
		strcpy(parts.host, LOOPBACK);
	return inet_pton(AF_INET, parts.host, &address->ipv4.sin_addr) == 1;
}

static bool is_ipv6(const struct http_address *address)
{
	return address->any.sa_family == AF_INET6;
}

char *http_address_write(char *text, const struct http_address *address)
{
	char host[INET6_ADDRSTRLEN], interface[IF_NAMESIZE] = "";

	if (is_ipv6(address) && address->ipv6.sin6_scope_id)
		if_indextoname(address->ipv6.sin6_scope_id, interface);
	if (is_ipv6(address))
		snprintf(text, HTTP_ADDRESS_SIZE, "[%s%s%s]:%u",
			 inet_ntop(AF_INET6, &address->ipv6.sin6_addr, host, sizeof(host)),
			 interface[0] ? "%" : "", interface, ntohs(address->ipv6.sin6_port));
	else
		snprintf(text, HTTP_ADDRESS_SIZE, "%s:%u",
			 inet_ntop(AF_INET, &address->ipv4.sin_addr, host, sizeof(host)),
			 ntohs(address->ipv4.sin_port));
	return text;
}

static int set_option(int fd, int level, int name, int value)
{
	return setsockopt(fd, level, name, &value, sizeof(value)) ? -errno : 0;
}

static int bind_to(int fd, const struct http_address *address)
{
	return bind(fd, &address->any, address->size) ? -errno : 0;
}

/* Bind to what no interface has yet: connections come once one has it. */
static int bind_early(int fd, const struct http_address *address)
{
	char text[HTTP_ADDRESS_SIZE];
	bool ipv6 = is_ipv6(address);
	int err = set_option(fd, ipv6 ? IPPROTO_IPV6 : IPPROTO_IP,
			     ipv6 ? IPV6_FREEBIND : IP_FREEBIND, 1);

	if (!err)
		err = bind_to(fd, address);
	if (!err)
		log_event(LOG_WARNING, NULL,
			  "listen on %s: no interface has that address yet; who connects is served "
			  "once one has (try: ip addr)",
			  http_address_write(text, address));
	return err;
}

static int bind_and_listen(int fd, const struct http_address *address)
{
	int err;

	set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (is_ipv6(address))
		set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
	err = bind_to(fd, address);
	if (err == -EADDRNOTAVAIL)
		err = bind_early(fd, address);
	if (!err && listen(fd, BACKLOG))
		err = -errno;
	return err;
}

/* Returns a socket or -errno. */
static int open_socket(const struct http_address *address)
{
	int fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int err = fd < 0 ? -errno : bind_and_listen(fd, address);

	if (err && fd >= 0)
		close(fd);
	return err ? err : fd;
}

/* Every address of a kernel without IPv6 is every one of IPv4. */
static int open_ipv4(const struct http_address *address)
{
	struct http_address ipv4;
	int fd;

	set_ipv4(&ipv4, address->ipv6.sin6_port);
	fd = open_socket(&ipv4);
	if (fd >= 0)
		log_event(LOG_INFO, NULL, "this kernel has no IPv6: listening on IPv4 alone");
	return fd;
}

int http_address_listen(const struct http_address *address)
{
	char text[HTTP_ADDRESS_SIZE];
	int fd = open_socket(address);

	if (fd == -EAFNOSUPPORT && is_ipv6(address) &&
	    IN6_IS_ADDR_UNSPECIFIED(&address->ipv6.sin6_addr))
		fd = open_ipv4(address);
	if (fd == -EADDRINUSE)
		return log_fail(fd, "listen on %s (whose it is: ss -ltnp)",
				http_address_write(text, address));
	if (fd < 0)
		return log_fail(fd, "listen on %s", http_address_write(text, address));
	return fd;
}
