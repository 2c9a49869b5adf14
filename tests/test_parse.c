// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * parse.h, compiled for the host: against the table of frames, and against a
 * second parser (reference.c).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "frames.h"
#include "host_parse.h"
#include "reference.h"

#define RANDOM_FRAMES 300000
#define RANDOM_SEED   20260213u

static void check(const char *name, const uint8_t *bytes, size_t size, struct verdict want)
{
	struct verdict got = host_parse(bytes, size);

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
			struct verdict got = host_parse(c->bytes, size);

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

/* Behind each Ethernet header: the same is said of the rest without it, but of tags and ARP. */
static void a_frame_may_begin_with_ip(void **state)
{
	static const uint8_t ipv4[] = { 0x45, 0, 0,  28, 0, 0, 0,    0,	   64, 17, 0, 0, 10, 0,
					0,    1, 10, 0,	 0, 2, 0x9c, 0x40, 0,  53, 0, 8, 0,  0 };
	static const uint8_t other[] = { 0x55, 0, 0, 28 };
	uint8_t ipv6[48] = { 0x60, 0, 0, 0, 0, 8, 17, 64, [40] = 0x9c, 0x40, 0, 53, 0, 8 };
	struct verdict verdict = host_parse_from(ipv4, sizeof(ipv4), LINK_LAYER_IP);

	(void)state;
	assert_int_equal(verdict.reason, REASON_NONE);
	assert_int_equal(verdict.transport, TRANSPORT_UDP);
	assert_int_equal(verdict.destination, 53);
	verdict = host_parse_from(ipv6, sizeof(ipv6), LINK_LAYER_IP);
	assert_int_equal(verdict.reason, REASON_NONE);
	assert_int_equal(verdict.source, 40000);
	for (size_t size = 0; size < sizeof(ipv4) - 4; size++)
		assert_int_equal(host_parse_from(ipv4, size, LINK_LAYER_IP).reason,
				 REASON_TRUNCATED);
	assert_int_equal(host_parse_from(other, sizeof(other), LINK_LAYER_IP).reason,
			 REASON_NON_IP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_frame_may_begin_with_ip),
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
