// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * One link at a time; what the link is otherwise is not looked at.
 */
#include "kernel/xdp_query.h"

#include <errno.h>
#include <linux/if_link.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/netlink.h"

static void take_program(struct xdp_query *query, const struct rtattr *attribute)
{
	const struct place {
		unsigned short type;
		uint32_t *id;
	} places[] = {
		{ IFLA_XDP_DRV_PROG_ID, &query->native },
		{ IFLA_XDP_SKB_PROG_ID, &query->generic },
		{ IFLA_XDP_HW_PROG_ID, &query->offload },
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (attribute->rta_type == places[i].type &&
		    RTA_PAYLOAD(attribute) == sizeof(*places[i].id))
			memcpy(places[i].id, RTA_DATA(attribute), sizeof(*places[i].id));
}

static void take_programs(struct xdp_query *query, struct netlink_bytes attributes)
{
	const struct rtattr *attribute;

	while ((attribute = netlink_next_attribute(&attributes)))
		take_program(query, attribute);
}

uint32_t xdp_query_any(const struct xdp_query *query)
{
	if (query->native)
		return query->native;
	return query->generic ? query->generic : query->offload;
}

int xdp_query_take(struct xdp_query *query, const void *answer, size_t size)
{
	struct netlink_bytes rest = { answer, size };
	const struct nlmsghdr *message = netlink_next_message(&rest);
	const struct rtattr *programs;
	int err;

	*query = (struct xdp_query){ 0 };
	if (!message)
		return -EBADMSG;
	if (message->nlmsg_type == RTM_NEWLINK &&
	    message->nlmsg_len >= NLMSG_LENGTH(sizeof(struct ifinfomsg))) {
		programs = netlink_find_attribute(
			netlink_attributes(message, sizeof(struct ifinfomsg)), IFLA_XDP);
		if (programs)
			take_programs(query, netlink_payload(programs));
		return 0;
	}
	err = netlink_error(message);
	return err ? err : -EBADMSG;
}

static int take(void *context, const void *answer, size_t size)
{
	int err = xdp_query_take(context, answer, size);

	return err ? err : 1;
}

int xdp_query(struct xdp_query *query, unsigned int ifindex)
{
	const struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
		struct rtattr filter;
		uint32_t mask;
	} request = {
		.header = { .nlmsg_len = sizeof(request),
			    .nlmsg_type = RTM_GETLINK,
			    .nlmsg_flags = NLM_F_REQUEST },
		.link.ifi_index = (int)ifindex,
		.filter = { RTA_LENGTH(sizeof(request.mask)), IFLA_EXT_MASK },
		.mask = RTEXT_FILTER_SKIP_STATS,
	};
	int fd = netlink_open(0, 0);
	int err = fd < 0 ? fd : netlink_ask(fd, &request.header, take, query);

	if (fd >= 0)
		close(fd);
	if (err && err != -ENODEV)
		log_fail(err, "ask for the XDP programs of interface %u", ifindex);
	return err;
}
