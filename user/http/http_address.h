/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Where to listen, as people write it: 127.0.0.1:9635, [127.0.0.1]:9635, localhost:9635 or
 * 9635 (loopback), [::1]:9635, :9635 (every address); without a port HTTP_PORT_DEFAULT.
 * A link-local address has an interface, which must be there: [fe80::1%eth0]:9635.
 */
#ifndef PORTCLASS_HTTP_ADDRESS_H
#define PORTCLASS_HTTP_ADDRESS_H

#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

#define HTTP_PORT_DEFAULT 9635

struct http_address {
	union {
		struct sockaddr any;
		struct sockaddr_in ipv4;
		struct sockaddr_in6 ipv6;
	};
	socklen_t size;
};

/*
 * A socket that listens there, on IPv6 as on IPv4 if it is every address, or on an address
 * that no interface has yet, which is said. Returns it, or -errno, said.
 */
int http_address_listen(const struct http_address *address);

/* No name of a host is looked up. Port 0: one that is free. false: it is no such text. */
bool http_address_parse(struct http_address *address, const char *text);

#define HTTP_ADDRESS_SIZE (INET6_ADDRSTRLEN + IF_NAMESIZE + sizeof("[%]:65535"))

/* Write "127.0.0.1:9635" or "[::1]:9635" into @text of HTTP_ADDRESS_SIZE; returns it. */
char *http_address_write(char *text, const struct http_address *address);

#endif
