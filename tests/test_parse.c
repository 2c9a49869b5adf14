// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * parse.h, compiled for the host: against the table of frames, and against a
 * second parser that reads the same contract byte by byte. Each frame lies at
 * the end of a heap block of its size, so that ASan sees a byte read behind it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../vmlinux/vmlinux.h"
#include "abi.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#include "frames.h"
#include "parse.h"

/* Drivers place frames so that the IP header is aligned; parse.h counts on it. */
#define IP_ALIGN      2
#define RANDOM_FRAMES 300000
#define RANDOM_SEED   20260213u

static struct verdict verdict_of(enum reason reason)
{
	return (struct verdict){ .reason = reason };
}

static unsigned int word_at(const uint8_t *bytes, size_t at)
{
	return (unsigned int)bytes[at] << 8 | bytes[at + 1];
}

/* The ports at byte @at, of which @limit is the first one beyond the IP length. */
static struct verdict reference_ports(const uint8_t *bytes, size_t size, size_t at, size_t limit,
				      enum transport transport)
{
	if (at + 4 > size || at + 4 > limit)
		return verdict_of(REASON_TRUNCATED);
	return (struct verdict){ REASON_NONE, transport, (uint16_t)word_at(bytes, at),
				 (uint16_t)word_at(bytes, at + 2) };
}

static struct verdict reference_upper(const uint8_t *bytes, size_t size, size_t at, size_t limit,
				      uint8_t protocol, uint8_t icmp)
{
	switch (protocol) {
	case NEXT_TCP:
		return reference_ports(bytes, size, at, limit, TRANSPORT_TCP);
	case NEXT_UDP:
	case NEXT_UDPLITE:
		return reference_ports(bytes, size, at, limit, TRANSPORT_UDP);
	case NEXT_SCTP:
		return reference_ports(bytes, size, at, limit, TRANSPORT_SCTP);
	case NEXT_DCCP:
		return reference_ports(bytes, size, at, limit, TRANSPORT_DCCP);
	default:
		return verdict_of(protocol == icmp ? REASON_ICMP : REASON_OTHER_L4);
	}
}

static struct verdict reference_ipv4(const uint8_t *bytes, size_t size, size_t at)
{
	size_t header, total;

	if (at + 20 > size)
		return verdict_of(REASON_TRUNCATED);
	header = 4 * (size_t)(bytes[at] & 15);
	total = word_at(bytes, at + 2);
	if (total == 0)
		total = SIZE_MAX - at;
	if (bytes[at] >> 4 != 4 || header < 20 || total < header)
		return verdict_of(REASON_MALFORMED);
	if (word_at(bytes, at + 6) % 8192 != 0)
		return verdict_of(REASON_FRAGMENT);
	return reference_upper(bytes, size, at + header, at + total, bytes[at + 9], NEXT_ICMP);
}

static struct verdict reference_ipv6(const uint8_t *bytes, size_t size, size_t at)
{
	size_t next = at + 6, limit, taken;

	if (at + 40 > size)
		return verdict_of(REASON_TRUNCATED);
	if (bytes[at] >> 4 != 6)
		return verdict_of(REASON_MALFORMED);
	limit = word_at(bytes, at + 4) ? at + 40 + word_at(bytes, at + 4) : SIZE_MAX;
	at += 40;
	for (int walked = 0;; walked++, next = at, at += taken) {
		uint8_t protocol = bytes[next];

		if (!memchr((uint8_t[]){ NEXT_HOP, NEXT_ROUTING, NEXT_OPTIONS, NEXT_FRAGMENT,
					 NEXT_AH },
			    protocol, 5))
			return reference_upper(bytes, size, at, limit, protocol, NEXT_ICMPV6);
		if (walked == 8)
			return verdict_of(REASON_TOO_DEEP);
		if (at + (protocol == NEXT_FRAGMENT ? 8 : 2) > size)
			return verdict_of(REASON_TRUNCATED);
		if (protocol == NEXT_FRAGMENT && word_at(bytes, at + 2) / 8 != 0)
			return verdict_of(REASON_FRAGMENT);
		taken = protocol == NEXT_FRAGMENT ? 8
			: protocol == NEXT_AH	  ? 8u + 4 * bytes[at + 1]
						  : 8u + 8 * bytes[at + 1];
	}
}

static struct verdict reference(const uint8_t *bytes, size_t size)
{
	size_t at = 12;

	for (int tags = 0;; tags++, at += 4) {
		if (at + 2 > size)
			return verdict_of(REASON_TRUNCATED);
		switch (word_at(bytes, at)) {
		case TYPE_IPV4:
			return reference_ipv4(bytes, size, at + 2);
		case TYPE_IPV6:
			return reference_ipv6(bytes, size, at + 2);
		case TYPE_ARP:
			return verdict_of(REASON_ARP);
		case TYPE_C_TAG:
		case TYPE_S_TAG:
			if (tags == 4)
				return verdict_of(REASON_TOO_DEEP);
			break;
		default:
			return verdict_of(REASON_NON_IP);
		}
	}
}

/* packet_parse() of a copy that ends where its heap block ends. */
static struct verdict parse(const uint8_t *bytes, size_t size)
{
	uint8_t *block = malloc(IP_ALIGN + size);
	struct packet packet;
	struct verdict verdict;

	assert_non_null(block);
	memcpy(block + IP_ALIGN, bytes, size);
	verdict = verdict_of(packet_parse(&packet, block + IP_ALIGN, block + IP_ALIGN + size));
	if (verdict.reason == REASON_NONE) {
		verdict.transport = packet.transport;
		verdict.source = packet.source;
		verdict.destination = packet.destination;
	}
	assert_memory_equal(block + IP_ALIGN, bytes, size);
	free(block);
	return verdict;
}

static void check(const char *name, const uint8_t *bytes, size_t size, struct verdict want)
{
	struct verdict got = parse(bytes, size);

	if (got.reason == want.reason && got.transport == want.transport &&
	    got.source == want.source && got.destination == want.destination)
		return;
	for (size_t i = 0; i < size; i++)
		print_error("%02x%s", bytes[i], i % 4 == 1 ? " " : "");
	fail_msg("%s, %zu bytes: reason %d, %d %u > %u instead of reason %d, %d %u > %u", name,
		 size, got.reason, got.transport, got.source, got.destination, want.reason,
		 want.transport, want.source, want.destination);
}

static void each_case_has_its_verdict(void **state)
{
	(void)state;
	for (size_t i = 0; i < frame_cases_count; i++) {
		const struct frame_case *c = &frame_cases[i];

		check(c->name, c->bytes, c->size, c->verdict);
	}
}

static void the_reference_agrees_with_the_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < frame_cases_count; i++) {
		const struct frame_case *c = &frame_cases[i];
		struct verdict got = reference(c->bytes, c->size);

		if (memcmp(&got, &c->verdict, sizeof(got)))
			fail_msg("%s: the reference parser says reason %d", c->name, got.reason);
	}
}

static void each_truncation_is_parsed_or_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < frame_cases_count; i++) {
		const struct frame_case *c = &frame_cases[i];

		for (size_t size = 0; size < c->size; size++)
			check(c->name, c->bytes, size, reference(c->bytes, size));
	}
}

/* A frame cut anywhere before its ports must never be named by what is there. */
static void no_truncation_invents_ports(void **state)
{
	(void)state;
	for (size_t i = 0; i < frame_cases_count; i++) {
		const struct frame_case *c = &frame_cases[i];

		for (size_t size = 0; size < c->size; size++) {
			struct verdict got = parse(c->bytes, size);

			if (got.reason == REASON_NONE)
				assert_memory_equal(&got, &c->verdict, sizeof(got));
		}
	}
}

static void each_protocol_number_of_both_versions(void **state)
{
	(void)state;
	for (unsigned int number = 0; number < 256; number++) {
		unsigned char next = (unsigned char)number;
		struct frame ipv4 = { .size = 0 }, ipv6 = { .size = 0 };

		FRAME_APPEND(&ipv4, ETHERNET(TYPE_IPV4), IPV4(next, 40), PORTS(1, 2), ZEROS_16);
		FRAME_APPEND(&ipv6, ETHERNET(TYPE_IPV6), IPV6(next, 20), PORTS(1, 2), ZEROS_16);
		check("IPv4", ipv4.bytes, ipv4.size, reference(ipv4.bytes, ipv4.size));
		check("IPv6", ipv6.bytes, ipv6.size, reference(ipv6.bytes, ipv6.size));
	}
}

static void each_ethertype(void **state)
{
	(void)state;
	for (unsigned int type = 0; type < 65536; type++) {
		const uint8_t bytes[] = { ETHERNET(type), TAG(TYPE_IPV4), IPV4(NEXT_TCP, 24),
					  PORTS(1, 2), ZEROS_16 };

		check("ethertype", bytes, sizeof(bytes), reference(bytes, sizeof(bytes)));
	}
}

/* xorshift32, Marsaglia 2003: the same frames in every run. */
static uint32_t random_number(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* A case with some bytes changed, mostly to what means something in a header. */
static void mutate(struct frame *frame, uint32_t *random)
{
	static const uint8_t telling[] = { 0,	 1,    5,    8,	   0x45, 0x4f, 0x60, 0x81,
					   0x86, 0x88, 0xa8, 0xdd, 0xff, 6,    17,   33,
					   43,	 44,   51,   58,   60,	 132,  136 };
	const struct frame_case *c = &frame_cases[random_number(random) % frame_cases_count];

	frame->size = 0;
	frame_append(frame, c->bytes, c->size);
	for (uint32_t changes = random_number(random) % 5; changes; changes--) {
		uint32_t number = random_number(random);
		uint8_t *byte = &frame->bytes[number % frame->size];

		*byte = number >> 31 ? telling[(number >> 16) % sizeof(telling)]
				     : (uint8_t)(number >> 16);
	}
	if (random_number(random) % 4 == 0)
		frame->size = random_number(random) % (frame->size + 1);
}

static void mutations_are_parsed_as_the_reference_does(void **state)
{
	static struct frame frame;
	uint32_t random = RANDOM_SEED;
	size_t seen[REASON_MAX + 1] = { 0 };

	(void)state;
	for (size_t i = 0; i < RANDOM_FRAMES; i++) {
		struct verdict want;

		mutate(&frame, &random);
		want = reference(frame.bytes, frame.size);
		check("mutation", frame.bytes, frame.size, want);
		seen[want.reason]++;
	}
	for (size_t reason = 0; reason <= REASON_MAX; reason++)
		if (seen[reason] < RANDOM_FRAMES / 1000)
			fail_msg("only %zu frames had reason %zu", seen[reason], reason);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_case_has_its_verdict),
		cmocka_unit_test(the_reference_agrees_with_the_cases),
		cmocka_unit_test(each_truncation_is_parsed_or_said),
		cmocka_unit_test(no_truncation_invents_ports),
		cmocka_unit_test(each_protocol_number_of_both_versions),
		cmocka_unit_test(each_ethertype),
		cmocka_unit_test(mutations_are_parsed_as_the_reference_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
