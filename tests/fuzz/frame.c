// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Frames by a grammar: Ethernet, tags, IP of either version, chains of extension
 * headers, ports. Each field is mostly what it should be, and now and then what
 * it should not; then the frame may be cut and some bits of it turned.
 */
#include <string.h>

#include "frames.h"

#include "fuzz.h"
#include "maker.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define PUT(maker, ...) \
	maker_put(maker, (const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }))

static void put_noise(struct maker *maker, size_t size)
{
	for (; size; size--)
		PUT(maker, (uint8_t)maker_random(maker, 256));
}

static uint8_t pick(struct maker *maker, const uint8_t *values, size_t count)
{
	if (maker_random(maker, 16) == 0)
		return (uint8_t)maker_random(maker, 256);
	return values[maker_random(maker, (uint32_t)count)];
}

static uint16_t pick_type(struct maker *maker)
{
	static const uint16_t types[] = { TYPE_IPV4, TYPE_IPV6, TYPE_IPV4, TYPE_IPV6, TYPE_IPV6,
					  TYPE_ARP,  0x88cc,	0x9100,	   0x05dc };

	return types[maker_random(maker, COUNT(types))];
}

static uint16_t put_tags(struct maker *maker)
{
	uint32_t tags = maker_random(maker, 3) ? 0 : maker_random(maker, 7);
	uint16_t type = pick_type(maker);

	for (; tags; tags--) {
		PUT(maker, WORD(maker_random(maker, 2) ? TYPE_C_TAG : TYPE_S_TAG));
		put_noise(maker, 2);
	}
	PUT(maker, WORD(type));
	return type;
}

static const uint8_t ended[] = { NEXT_TCP,     NEXT_UDP,    NEXT_DCCP, NEXT_SCTP,
				 NEXT_UDPLITE, NEXT_TCP,    NEXT_UDP,  NEXT_ICMP,
				 NEXT_ESP,     NEXT_ICMPV6, NEXT_AH,   NEXT_NONE };

static void put_ports(struct maker *maker)
{
	static const uint16_t telling[] = { 0, 22, 80, 443, 1023, 1024, 8080, 40000, 49151, 65535 };

	for (int side = 0; side < 2; side++) {
		uint16_t port = maker_random(maker, 2)
					? (uint16_t)maker_random(maker, 65536)
					: telling[maker_random(maker, COUNT(telling))];

		PUT(maker, WORD(port));
	}
	put_noise(maker, maker_random(maker, 24));
}

/* What a length field says where it should say @right: that, or a little less, or anything. */
static uint16_t pick_length(struct maker *maker, uint32_t right)
{
	switch (maker_random(maker, 8)) {
	case 0:
		return 0;
	case 1:
		return (uint16_t)(right - maker_random(maker, 6));
	case 2:
		return (uint16_t)maker_random(maker, 65536);
	default:
		return (uint16_t)(right + maker_random(maker, 40));
	}
}

static void put_ipv4(struct maker *maker)
{
	static const uint8_t starts[] = {
		0x45, 0x45, 0x45, 0x45, 0x46, 0x47, 0x4f, 0x44, 0x40, 0x65
	};
	static const uint16_t fragments[] = {
		0, 0, 0, 0, 0x4000, 0x2000, 0x8000, 1, 0x2001, 0x1fff
	};
	uint8_t start = pick(maker, starts, sizeof(starts));
	uint16_t fragment = fragments[maker_random(maker, COUNT(fragments))];
	uint32_t header = (start & 15) * 4u;
	uint16_t length = pick_length(maker, header + 4);

	PUT(maker, IPV4_FIELDS(start, length, fragment, pick(maker, ended, sizeof(ended))));
	put_noise(maker, header > 20 ? header - 20 : 0);
	put_ports(maker);
}

/* Returns the bytes that it really takes. */
static uint32_t put_extension(struct maker *maker, uint8_t kind, uint8_t next)
{
	static const uint8_t lengths[] = { 0, 0, 0, 1, 1, 2, 4, 31 };
	uint8_t length = pick(maker, lengths, sizeof(lengths));
	uint32_t taken = kind == NEXT_FRAGMENT ? 8
			 : kind == NEXT_AH     ? 8 + length * 4u
					       : 8 + length * 8u;
	uint32_t offset =
		maker_random(maker, 8) ? maker_random(maker, 8) : maker_random(maker, 65536);

	PUT(maker, next, length, WORD(kind == NEXT_FRAGMENT ? offset : 0), ZEROS_4);
	put_noise(maker, taken - 8);
	return taken;
}

static void put_ipv6(struct maker *maker)
{
	static const uint8_t kinds[] = { NEXT_HOP, NEXT_ROUTING, NEXT_FRAGMENT, NEXT_AH,
					 NEXT_OPTIONS };
	uint32_t headers =
		maker_random(maker, 4) ? maker_random(maker, 4) : maker_random(maker, 12);
	uint8_t next = headers ? kinds[maker_random(maker, COUNT(kinds))]
			       : pick(maker, ended, sizeof(ended));
	size_t start = maker->size;
	uint8_t version = (uint8_t)(maker_random(maker, 16) ? 6 : maker_random(maker, 16));
	uint32_t walked = 0;
	uint16_t length;

	PUT(maker, IPV6_FIELDS(version, next, 0));
	for (; headers; headers--) {
		uint8_t kind = next;

		next = headers > 1 ? kinds[maker_random(maker, COUNT(kinds))]
				   : pick(maker, ended, sizeof(ended));
		walked += put_extension(maker, kind, next);
	}
	length = pick_length(maker, walked + 4);
	put_ports(maker);
	if (maker->size >= start + 6)
		memcpy(maker->bytes + start + 4, (const uint8_t[]){ WORD(length) }, 2);
}

static void spoil(struct maker *maker)
{
	if (maker_random(maker, 4) == 0)
		maker->size = maker_random(maker, (uint32_t)maker->size + 1);
	if (!maker->size || maker_random(maker, 4))
		return;
	for (uint32_t bits = 1 + maker_random(maker, 3); bits; bits--)
		maker->bytes[maker_random(maker, (uint32_t)maker->size)] ^=
			(uint8_t)(1 << maker_random(maker, 8));
}

static size_t make(uint8_t *bytes, size_t capacity, unsigned int seed)
{
	struct maker maker = { bytes, 0, capacity, seed * 2654435761u | 1 };
	uint16_t type;

	maker_random(&maker, 2);
	PUT(&maker, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2);
	type = put_tags(&maker);
	if (type == TYPE_IPV4)
		put_ipv4(&maker);
	else if (type == TYPE_IPV6)
		put_ipv6(&maker);
	else
		put_noise(&maker, maker_random(&maker, 46));
	spoil(&maker);
	return maker.size;
}

/* Half of them anew; the others as libFuzzer changes what has proved worth keeping. */
size_t fuzz_frame(uint8_t *bytes, size_t size, size_t capacity, unsigned int seed)
{
	return seed % 2 ? make(bytes, capacity, seed) : LLVMFuzzerMutate(bytes, size, capacity);
}
