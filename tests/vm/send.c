// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Traffic for virtual machines, where there is no Python: the frames of the test
 * cases as they are, and the first packets that a transport of this kernel sends.
 *
 * usage: send frames IFACE
 *        send udp|udplite|tcp|sctp|dccp ADDRESS PORT COUNT [SOURCES]
 *
 * `frames` sends each case once and prints what it is to be counted as, in JSON:
 * the number of frames by reason, and `ports` for those with ports. The others send
 * COUNT packets, or begin COUNT connections, from each of SOURCES sockets (1), and
 * end with status 77 where this kernel lacks the transport.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "frames.h"
#include "registry.h"

#define BURST	     32	     /* packets between two pauses, fewer than any queue holds */
#define PAUSE	     2000000 /* ns */
#define NO_TRANSPORT 77

#ifndef SOCK_DCCP
#define SOCK_DCCP 6
#endif

static const struct transport_socket {
	const char *name;
	int type;
	int protocol;
	bool connects;
} transports[] = {
	{ "udp", SOCK_DGRAM, IPPROTO_UDP, false },
	{ "udplite", SOCK_DGRAM, IPPROTO_UDPLITE, false },
	{ "tcp", SOCK_STREAM, IPPROTO_TCP, true },
	{ "sctp", SOCK_STREAM, IPPROTO_SCTP, true },
	{ "dccp", SOCK_DCCP, IPPROTO_DCCP, true },
};

struct target {
	struct sockaddr_storage address;
	socklen_t size;
};

static int fail(const char *what)
{
	fprintf(stderr, "send: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Whoever receives is slow, and nothing may be lost in a queue. */
static void pace(void)
{
	static unsigned int sent;
	const struct timespec pause = { .tv_nsec = PAUSE };

	if (++sent % BURST == 0)
		nanosleep(&pause, NULL);
}

static int open_wire(const char *interface)
{
	const struct sockaddr_ll address = { .sll_family = AF_PACKET,
					     .sll_ifindex = (int)if_nametoindex(interface) };
	int wire = socket(AF_PACKET, SOCK_RAW, 0);

	if (wire < 0 || bind(wire, (const struct sockaddr *)&address, sizeof(address)))
		fail(interface);
	return wire;
}

static void print_counts(const unsigned int counts[REASON_MAX + 1])
{
	printf("{");
	for (size_t reason = 0; reason <= REASON_MAX; reason++)
		printf("%s\"%s\":%u", reason ? "," : "",
		       reason == REASON_NONE ? "ports" : reason_name(reason), counts[reason]);
	printf("}\n");
}

static int send_frames(const char *interface)
{
	unsigned int counts[REASON_MAX + 1] = { 0 };
	int wire = open_wire(interface);

	for (size_t i = 0; i < frame_cases_count; i++) {
		const struct frame_case *c = &frame_cases[i];

		if (c->size < 14) /* which no interface takes */
			continue;
		if (send(wire, c->bytes, c->size, 0) < 0)
			fail(c->name);
		counts[c->verdict.reason]++;
		pace();
	}
	print_counts(counts);
	return 0;
}

static struct target parse_target(const char *address, const char *port)
{
	struct target target = { 0 };
	struct sockaddr_in *ipv4 = (struct sockaddr_in *)&target.address;
	struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *)&target.address;
	in_port_t number = htons((in_port_t)atoi(port));

	if (inet_pton(AF_INET, address, &ipv4->sin_addr) == 1) {
		ipv4->sin_family = AF_INET;
		ipv4->sin_port = number;
		target.size = sizeof(*ipv4);
	} else if (inet_pton(AF_INET6, address, &ipv6->sin6_addr) == 1) {
		ipv6->sin6_family = AF_INET6;
		ipv6->sin6_port = number;
		target.size = sizeof(*ipv6);
	} else {
		errno = EINVAL;
		fail(address);
	}
	return target;
}

static int open_socket(const struct transport_socket *transport, const struct target *target)
{
	int fd = socket(target->address.ss_family, transport->type | SOCK_NONBLOCK,
			transport->protocol);

	if (fd < 0 && (errno == EPROTONOSUPPORT || errno == ESOCKTNOSUPPORT))
		exit(NO_TRANSPORT);
	if (fd < 0)
		fail(transport->name);
	return fd;
}

/* A refusal of the packet before comes as an error of this one, which is then sent anew. */
static void send_datagrams(const struct transport_socket *transport, const struct target *target,
			   int count)
{
	int fd = open_socket(transport, target);

	for (int i = 0; i < count; i++) {
		while (sendto(fd, "hello", 5, 0, (const struct sockaddr *)&target->address,
			      target->size) < 0)
			if (errno != ECONNREFUSED && errno != EAGAIN && errno != ENOBUFS)
				fail("send");
		pace();
	}
	close(fd);
}

static void connect_often(const struct transport_socket *transport, const struct target *target,
			  int count)
{
	for (int i = 0; i < count; i++) {
		int fd = open_socket(transport, target);

		if (connect(fd, (const struct sockaddr *)&target->address, target->size) &&
		    errno != EINPROGRESS && errno != ECONNREFUSED)
			fail("connect");
		pace();
		close(fd);
	}
}

static int send_packets(const struct transport_socket *transport, int argc, char **argv)
{
	struct target target = parse_target(argv[0], argv[1]);
	int count = atoi(argv[2]), sources = argc > 3 ? atoi(argv[3]) : 1;

	for (int i = 0; i < sources; i++)
		(transport->connects ? connect_often : send_datagrams)(transport, &target, count);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "frames"))
		return send_frames(argv[2]);
	for (size_t i = 0; argc >= 5 && i < sizeof(transports) / sizeof(transports[0]); i++)
		if (!strcmp(argv[1], transports[i].name))
			return send_packets(&transports[i], argc - 2, argv + 2);
	fputs("usage: send frames IFACE\n"
	      "       send TRANSPORT ADDRESS PORT COUNT [SOURCES]\n",
	      stderr);
	return 2;
}
