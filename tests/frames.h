/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Frames for tests: macros that spell a header as its bytes, so that a frame
 * reads from left to right, and the table of cases made with them.
 */
#ifndef PORTCLASS_FRAMES_H
#define PORTCLASS_FRAMES_H

#include <stddef.h>
#include <stdint.h>

#include "abi.h"

#define FRAME_SIZE_MAX 65535

#define WORD(value) (uint8_t)((value) >> 8), (uint8_t)(value)
#define ZEROS_4	    0, 0, 0, 0
#define ZEROS_16    ZEROS_4, ZEROS_4, ZEROS_4, ZEROS_4

#define TYPE_IPV4  0x0800
#define TYPE_ARP   0x0806
#define TYPE_C_TAG 0x8100
#define TYPE_IPV6  0x86dd
#define TYPE_S_TAG 0x88a8

#define NEXT_HOP      0
#define NEXT_ICMP     1
#define NEXT_TCP      6
#define NEXT_UDP      17
#define NEXT_DCCP     33
#define NEXT_ROUTING  43
#define NEXT_FRAGMENT 44
#define NEXT_ESP      50
#define NEXT_AH	      51
#define NEXT_ICMPV6   58
#define NEXT_NONE     59
#define NEXT_OPTIONS  60
#define NEXT_SCTP     132
#define NEXT_UDPLITE  136

/* @type and @next: what follows; @length: what the length field says. */
#define ETHERNET(type) 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, WORD(type)
#define TAG(type)      WORD(0x2064), WORD(type)

#define IPV4_FIELDS(version_ihl, length, fragment, next) \
	version_ihl, 0, WORD(length), 0, 7, WORD(fragment), 64, next, 0, 0, 192, 0, 2, 1, 192, 0, \
		2, 2
#define IPV4(next, length) IPV4_FIELDS(0x45, length, 0, next)

#define IPV6_FIELDS(version, next, length) \
	(uint8_t)((version) << 4), 0, 0, 0, WORD(length), next, 64, ZEROS_16, ZEROS_16
#define IPV6(next, length) IPV6_FIELDS(6, next, length)

/* Hop-by-hop, routing and destination options, 8 and 24 bytes. */
#define OPTIONS(next)	       next, 0, 1, 4, ZEROS_4
#define OPTIONS_24(next)       next, 2, 1, 4, ZEROS_4, ZEROS_16
#define FRAGMENT(next, offset) next, 0, WORD(offset), ZEROS_4
/* Authentication, 12 and 24 bytes: 12 of fields and the integrity value. */
#define AH(next)	next, 1, 0, 0, ZEROS_4, ZEROS_4
#define AH_24(next)	next, 4, 0, 0, ZEROS_4, ZEROS_16
#define PORTS(from, to) WORD(from), WORD(to)

#define IPV4_MORE_FRAGMENTS  0x2000
#define IPV4_DO_NOT_FRAGMENT 0x4000
#define IPV6_MORE_FRAGMENTS  0x0001

/* What a frame is to be counted as; the ports matter with REASON_NONE only. */
struct verdict {
	enum reason reason;
	enum transport transport;
	uint16_t source;
	uint16_t destination;
};

struct frame_case {
	const char *name;
	const uint8_t *bytes;
	size_t size;
	struct verdict verdict;
};

extern const struct frame_case frame_cases[];
extern const size_t frame_cases_count;

/* A frame that grows; a zeroed one is empty. */
struct frame {
	uint8_t bytes[FRAME_SIZE_MAX];
	size_t size;
};

void frame_append(struct frame *frame, const uint8_t *bytes, size_t size);

/* frame_append() of headers spelt as above. */
#define FRAME_APPEND(frame, ...) \
	frame_append(frame, (const uint8_t[]){ __VA_ARGS__ }, \
		     sizeof((const uint8_t[]){ __VA_ARGS__ }))

#endif
