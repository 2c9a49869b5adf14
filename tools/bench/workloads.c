// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * See workloads.h. Headers are spelt as in the tests.
 */
#include "workloads.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "frames.h"

#define ZIPF_SERVICES 1000

/* As Linux takes them. */
#define CLIENT_PORT_FIRST 32768
#define CLIENT_PORT_LAST  60999

static uint64_t state;

/* xorshift64*: the same numbers in every run. */
static uint32_t draw(uint32_t below)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (uint32_t)(((state * 0x2545f4914f6cdd1dULL) >> 32) * below >> 32);
}

static uint16_t client_port(void)
{
	return (uint16_t)(CLIENT_PORT_FIRST + draw(CLIENT_PORT_LAST - CLIENT_PORT_FIRST + 1));
}

static uint16_t any_port(void)
{
	return (uint16_t)draw(PORTS_MAX);
}

/* A rank from 0 by Zipf's law with exponent 1: the n-th comes 1/n times as often. */
static size_t draw_zipf(size_t ranks)
{
	return (size_t)exp(draw(1U << 24) * log((double)ranks) / (1U << 24)) - 1;
}

static uint8_t next_of(uint8_t transport)
{
	static const uint8_t next[TRANSPORT_MAX] = {
		[TRANSPORT_TCP] = NEXT_TCP,
		[TRANSPORT_UDP] = NEXT_UDP,
		[TRANSPORT_SCTP] = NEXT_SCTP,
		[TRANSPORT_DCCP] = NEXT_DCCP,
	};

	return next[transport];
}

static void put(struct bench_frame *to, const uint8_t *bytes, size_t size)
{
	*to = (struct bench_frame){ 0 };
	memcpy(to->words, bytes, size);
}

#define PUT(to, ...) \
	put(to, (const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }))

/* Whole, or programs that look behind the ports refuse them. */
#define TCP(from, to) PORTS(from, to), ZEROS_4, ZEROS_4, 0x50, 0x10, 2, 0, ZEROS_4
#define UDP(from, to) PORTS(from, to), WORD(40), 0, 0

static void put_ipv4(struct bench_frame *frame, uint8_t next, uint16_t from, uint16_t to)
{
	if (next == NEXT_TCP)
		PUT(frame, ETHERNET(TYPE_IPV4), IPV4(next, 80), TCP(from, to));
	else if (next == NEXT_UDP)
		PUT(frame, ETHERNET(TYPE_IPV4), IPV4(next, 80), UDP(from, to));
	else
		PUT(frame, ETHERNET(TYPE_IPV4), IPV4(next, 80), PORTS(from, to));
}

/* Either a request or its reply. */
static void put_service(struct bench_frame *frame, const struct assignment *service)
{
	uint8_t next = next_of(service->transport);

	if (draw(2))
		put_ipv4(frame, next, client_port(), service->first);
	else
		put_ipv4(frame, next, service->first, client_port());
}

static void fill_one_flow(struct bench_frame *frame, const struct assignment *services,
			  size_t count)
{
	(void)services;
	(void)count;
	put_ipv4(frame, NEXT_TCP, 51000, 443);
}

static void fill_zipf(struct bench_frame *frame, const struct assignment *services, size_t count)
{
	put_service(frame, &services[draw_zipf(count < ZIPF_SERVICES ? count : ZIPF_SERVICES)]);
}

static void fill_uniform(struct bench_frame *frame, const struct assignment *services, size_t count)
{
	(void)services;
	(void)count;
	put_ipv4(frame, draw(2) ? NEXT_TCP : NEXT_UDP, any_port(), any_port());
}

static void fill_mixed(struct bench_frame *frame, const struct assignment *services, size_t count)
{
	uint16_t from = client_port(), to = services[draw_zipf(count)].first;

	switch (draw(12)) {
	case 0:
		PUT(frame, ETHERNET(TYPE_IPV6), IPV6(NEXT_TCP, 40), TCP(from, to));
		break;
	case 1:
		PUT(frame, ETHERNET(TYPE_IPV6), IPV6(NEXT_UDP, 40), UDP(to, from));
		break;
	case 2:
		PUT(frame, ETHERNET(TYPE_C_TAG), TAG(TYPE_IPV4), IPV4(NEXT_TCP, 60), TCP(from, to));
		break;
	case 3:
		PUT(frame, ETHERNET(TYPE_S_TAG), TAG(TYPE_C_TAG), TAG(TYPE_IPV6),
		    IPV6(NEXT_UDP, 40), UDP(from, to));
		break;
	case 4:
		put_ipv4(frame, NEXT_SCTP, from, to);
		break;
	case 5:
		put_ipv4(frame, NEXT_DCCP, to, from);
		break;
	case 6:
		PUT(frame, ETHERNET(TYPE_IPV4), IPV4(NEXT_ICMP, 84), 8, 0);
		break;
	case 7:
		PUT(frame, ETHERNET(TYPE_ARP), 0, 1, 8, 0, 6, 4, 0, 1);
		break;
	case 8:
		PUT(frame, ETHERNET(TYPE_IPV4), IPV4_FIELDS(0x45, 100, 185, NEXT_UDP));
		break;
	case 9:
		put_ipv4(frame, NEXT_TCP, to, from);
		break;
	case 10:
		put_ipv4(frame, NEXT_UDP, to, from);
		break;
	default:
		put_ipv4(frame, NEXT_TCP, from, to);
	}
}

static void fill_extension_headers(struct bench_frame *frame, const struct assignment *services,
				   size_t count)
{
	uint16_t port = services[draw_zipf(count)].first, client = client_port();
	bool request = draw(2);

	PUT(frame, ETHERNET(TYPE_IPV6), IPV6(NEXT_HOP, 56), OPTIONS(NEXT_OPTIONS),
	    OPTIONS(NEXT_TCP), TCP(request ? client : port, request ? port : client));
}

static void fill_services(struct bench_frame *frame, const struct assignment *services,
			  size_t count)
{
	put_service(frame, &services[draw((uint32_t)count)]);
}

static void fill_100_services(struct bench_frame *frame, const struct assignment *services,
			      size_t count)
{
	fill_services(frame, services, count < 100 ? count : 100);
}

static void fill_1_service(struct bench_frame *frame, const struct assignment *services,
			   size_t count)
{
	fill_services(frame, services, count < 1 ? count : 1);
}

#define FLOWS 1024 /* in the usual case: their ports fit in no L1 cache */

/* One flow, and one direction, is one frame; else no frame comes twice in a round. */
const struct workload workloads[] = {
	{ "one-flow", 1, fill_one_flow },
	{ "zipf", FLOWS, fill_zipf },
	{ "uniform", FLOWS, fill_uniform },
	{ "mixed", FLOWS, fill_mixed },
	{ "ipv6-extensions", FLOWS, fill_extension_headers },
	{ "zipf", 32, fill_zipf },
	{ "mixed", 32, fill_mixed },
	{ "zipf", 256, fill_zipf },
	{ "zipf", BENCH_FRAMES_MAX, fill_zipf },
	{ "services-1", BENCH_FRAMES_MAX, fill_1_service },
	{ "services-100", BENCH_FRAMES_MAX, fill_100_services },
	{ "services-all", BENCH_FRAMES_MAX, fill_services },
};

const size_t workloads_count = sizeof(workloads) / sizeof(workloads[0]);

static bool is_service(const struct assignment *assignment)
{
	return assignment->service[0] && assignment->first == assignment->last &&
	       assignment->first < CLIENT_PORT_FIRST;
}

/* In an order that has nothing to do with ports or slots. */
static void shuffle(struct assignment *services, size_t count)
{
	for (size_t i = count; i > 1; i--) {
		size_t other = draw((uint32_t)i);
		struct assignment kept = services[i - 1];

		services[i - 1] = services[other];
		services[other] = kept;
	}
}

int workload_fill(const struct workload *workload, struct bench_frame *frames,
		  const struct assignment *assignments, size_t count)
{
	struct assignment *services = calloc(count, sizeof(*services));
	size_t found = 0;

	if (!services)
		return -ENOMEM;
	state = 0x9e3779b97f4a7c15ULL;
	for (size_t i = 0; i < count; i++)
		if (is_service(&assignments[i]))
			services[found++] = assignments[i];
	shuffle(services, found);
	for (size_t i = 0; i < workload->frames; i++)
		workload->fill(&frames[i], services, found);
	free(services);
	return 0;
}
