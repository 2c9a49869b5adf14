// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * What rtnetlink says, aligned as a socket's buffer is. Half of the inputs are made by
 * its grammar, with lengths that are now and then too short or too long.
 */
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "agent/interfaces.h"
#include "kernel/xdp_query.h"

#include "fuzz.h"
#include "maker.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct interfaces interfaces = { 0 };
	void *messages = malloc(size ? size : 1);
	struct xdp_query query;
	int err;

	fuzz_check(messages);
	memcpy(messages, bytes, size);
	err = interfaces_take(&interfaces, messages, size);
	fuzz_check(err <= 1);
	for (size_t i = 0; i < interfaces.count; i++) {
		const struct interface *interface = &interfaces.interfaces[i];

		fuzz_check(memchr(interface->name, '\0', sizeof(interface->name)));
		fuzz_check(interfaces_find(&interfaces, interface->index));
	}
	interfaces_close(&interfaces);
	fuzz_check(xdp_query_take(&query, messages, size) <= 0);
	free(messages);
	return 0;
}

/* Small numbers: indexes, letters, lengths of what is nested. */
static void put_noise(struct maker *maker, uint32_t size)
{
	for (; size; size--)
		maker_put(maker, &(uint8_t){ (uint8_t)maker_random(maker, 20) }, 1);
}

/* What a length should say, or nearly. */
static uint32_t about(struct maker *maker, uint32_t right)
{
	return maker_random(maker, 6) ? right : right + maker_random(maker, 9) - 4;
}

static void put_attribute(struct maker *maker)
{
	static const uint16_t types[] = { IFLA_IFNAME, RTA_OIF, RTA_MULTIPATH, RTA_GATEWAY };
	uint32_t size = maker_random(maker, 20);
	const struct rtattr attribute = {
		.rta_len = (uint16_t)about(maker, sizeof(attribute) + size),
		.rta_type = types[maker_random(maker, COUNT(types))],
	};

	maker_put(maker, &attribute, sizeof(attribute));
	put_noise(maker, maker_random(maker, 2) ? size : RTA_ALIGN(size));
}

static void put_body(struct maker *maker, uint16_t type)
{
	const struct rtmsg route = { .rtm_family = AF_INET,
				     .rtm_table = RT_TABLE_MAIN,
				     .rtm_type = RTN_UNICAST,
				     .rtm_dst_len = maker_random(maker, 8) == 0 };
	const struct ifinfomsg link = { .ifi_index = (int)maker_random(maker, 20) };

	if (type == RTM_NEWROUTE)
		maker_put(maker, &route, sizeof(route));
	else if (type == RTM_NEWLINK)
		maker_put(maker, &link, sizeof(link));
	else
		put_noise(maker, maker_random(maker, 24));
	for (uint32_t count = maker_random(maker, 4); count; count--)
		put_attribute(maker);
}

static void put_message(struct maker *maker)
{
	static const uint16_t types[] = { RTM_NEWLINK,	RTM_NEWLINK, RTM_NEWROUTE, RTM_NEWROUTE,
					  RTM_NEWROUTE, NLMSG_ERROR, NLMSG_DONE };
	struct nlmsghdr header = { .nlmsg_type = types[maker_random(maker, COUNT(types))] };
	size_t start = maker->size;

	maker_put(maker, &header, sizeof(header));
	put_body(maker, header.nlmsg_type);
	header.nlmsg_len = about(maker, (uint32_t)(maker->size - start));
	if (start + sizeof(header) <= maker->capacity)
		memcpy(maker->bytes + start, &header, sizeof(header));
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t capacity, unsigned int seed)
{
	struct maker maker = { bytes, 0, capacity, seed * 2654435761u | 1 };

	if (seed % 2)
		return LLVMFuzzerMutate(bytes, size, capacity);
	for (uint32_t count = 1 + maker_random(&maker, 5); count; count--)
		put_message(&maker);
	return maker.size;
}
