// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * See xdp_query.h: rtnetlink(7), one link at a time.
 */
#include "kernel/xdp_query.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"

#define ANSWER_SIZE 32768 /* the kernel's own limit for the answer about one link */

/* Call @take for each whole attribute among @size bytes of them. */
static void each_attribute(const void *attributes, size_t size,
			   void (*take)(struct xdp_query *query, const struct rtattr *attribute),
			   struct xdp_query *query)
{
	const struct rtattr *attribute = attributes;

	while (size >= sizeof(*attribute) && attribute->rta_len >= sizeof(*attribute) &&
	       attribute->rta_len <= size) {
		size_t step = RTA_ALIGN(attribute->rta_len);

		take(query, attribute);
		if (step >= size)
			break;
		size -= step;
		attribute = (const struct rtattr *)((const char *)attribute + step);
	}
}

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

static void take_link(struct xdp_query *query, const struct rtattr *attribute)
{
	if ((attribute->rta_type & NLA_TYPE_MASK) == IFLA_XDP)
		each_attribute(RTA_DATA(attribute), RTA_PAYLOAD(attribute), take_program, query);
}

uint32_t xdp_query_any(const struct xdp_query *query)
{
	if (query->native)
		return query->native;
	return query->generic ? query->generic : query->offload;
}

int xdp_query_take(struct xdp_query *query, const void *answer, size_t size)
{
	const struct nlmsghdr *message = answer;
	const size_t before = NLMSG_LENGTH(NLMSG_ALIGN(sizeof(struct ifinfomsg)));
	const struct nlmsgerr *failure;

	*query = (struct xdp_query){ 0 };
	if (size < sizeof(*message) || message->nlmsg_len > size)
		return -EBADMSG;
	if (message->nlmsg_type == RTM_NEWLINK && message->nlmsg_len >= before) {
		each_attribute((const char *)answer + before, message->nlmsg_len - before,
			       take_link, query);
		return 0;
	}
	failure = NLMSG_DATA(message);
	if (message->nlmsg_type != NLMSG_ERROR ||
	    message->nlmsg_len < NLMSG_LENGTH(sizeof(*failure)) || failure->error >= 0)
		return -EBADMSG;
	return failure->error;
}

static int request(int fd, unsigned int ifindex)
{
	const struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
		struct rtattr filter;
		uint32_t mask;
	} message = {
		.header = { .nlmsg_len = sizeof(message),
			    .nlmsg_type = RTM_GETLINK,
			    .nlmsg_flags = NLM_F_REQUEST },
		.link.ifi_index = (int)ifindex,
		.filter = { RTA_LENGTH(sizeof(message.mask)), IFLA_EXT_MASK },
		.mask = RTEXT_FILTER_SKIP_STATS,
	};

	return send(fd, &message, sizeof(message), 0) < 0 ? -errno : 0;
}

static int ask(struct xdp_query *query, int fd, unsigned int ifindex)
{
	static char answer[ANSWER_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
	int err = request(fd, ifindex);
	ssize_t size;

	if (err)
		return err;
	do
		size = recv(fd, answer, sizeof(answer), 0);
	while (size < 0 && errno == EINTR);
	return size < 0 ? -errno : xdp_query_take(query, answer, (size_t)size);
}

int xdp_query(struct xdp_query *query, unsigned int ifindex)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	int err = fd < 0 ? -errno : ask(query, fd, ifindex);

	if (fd >= 0)
		close(fd);
	if (err && err != -ENODEV)
		log_fail(err, "ask for the XDP programs of interface %u", ifindex);
	return err;
}
