// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* See reference.h. Offsets instead of pointers, and no step skipped. */
#include "reference.h"

#include <string.h>

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

struct verdict reference(const uint8_t *bytes, size_t size)
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
