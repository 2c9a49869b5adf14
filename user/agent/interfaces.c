// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Ask rtnetlink for links and default routes, and listen to it. Whether an interface is
 * wanted is not decided here.
 */
#include "agent/interfaces.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/netlink.h"

#define TRIES 10

const struct interface *interfaces_find(const struct interfaces *interfaces, unsigned int index)
{
	for (size_t i = 0; i < interfaces->count; i++)
		if (interfaces->interfaces[i].index == index)
			return &interfaces->interfaces[i];
	return NULL;
}

/* The strings of a list of attributes, one behind the other. NULL: there are none, or no memory. */
static char *join_names(struct netlink_bytes list)
{
	const struct rtattr *name;
	size_t used = 0;
	char *joined = calloc(1, list.size + 1);

	while (joined && (name = netlink_next_attribute(&list))) {
		size_t size = strnlen(RTA_DATA(name), RTA_PAYLOAD(name));

		if (name->rta_type != IFLA_ALT_IFNAME || !size || size == RTA_PAYLOAD(name))
			continue;
		memcpy(joined + used, RTA_DATA(name), size);
		used += size + 1;
	}
	if (used)
		return joined;
	free(joined);
	return NULL;
}

static int add_interface(struct interfaces *interfaces, const struct ifinfomsg *link,
			 const char *name)
{
	struct interface *more =
		reallocarray(interfaces->interfaces, interfaces->count + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	interfaces->interfaces = more;
	more += interfaces->count++;
	*more = (struct interface){ .index = (unsigned int)link->ifi_index,
				    .loopback = link->ifi_flags & IFF_LOOPBACK };
	snprintf(more->name, sizeof(more->name), "%s", name);
	return 0;
}

static int take_link(struct interfaces *interfaces, const struct nlmsghdr *message)
{
	const struct ifinfomsg *link = NLMSG_DATA(message);
	const struct rtattr *name, *list;
	int err;

	if (message->nlmsg_len < NLMSG_LENGTH(sizeof(*link)))
		return -EBADMSG;
	name = netlink_find_attribute(netlink_attributes(message, sizeof(*link)), IFLA_IFNAME);
	if (!name || !memchr(RTA_DATA(name), '\0', RTA_PAYLOAD(name)))
		return -EBADMSG;
	err = add_interface(interfaces, link, RTA_DATA(name));
	list = netlink_find_attribute(netlink_attributes(message, sizeof(*link)), IFLA_PROP_LIST);
	if (!err && list)
		interfaces->interfaces[interfaces->count - 1].alternatives =
			join_names(netlink_payload(list));
	return err;
}

static void mark_default(struct interfaces *interfaces, unsigned int index)
{
	struct interface *interface = (struct interface *)interfaces_find(interfaces, index);

	if (interface)
		interface->default_route = true;
}

/* Several next hops of one route: a list of its own inside the attribute. */
static void mark_hops(struct interfaces *interfaces, const struct rtattr *attribute)
{
	const struct rtnexthop *hop = RTA_DATA(attribute);
	size_t size = RTA_PAYLOAD(attribute);

	while (size >= sizeof(*hop) && hop->rtnh_len >= sizeof(*hop) && hop->rtnh_len <= size) {
		size_t step = RTNH_ALIGN(hop->rtnh_len);

		mark_default(interfaces, (unsigned int)hop->rtnh_ifindex);
		if (step >= size)
			break;
		size -= step;
		hop = (const struct rtnexthop *)((const char *)hop + step);
	}
}

static bool is_default_route(const struct nlmsghdr *message)
{
	const struct rtmsg *route = NLMSG_DATA(message);

	return message->nlmsg_len >= NLMSG_LENGTH(sizeof(*route)) && route->rtm_dst_len == 0 &&
	       route->rtm_table == RT_TABLE_MAIN && route->rtm_type == RTN_UNICAST;
}

static int take_route(struct interfaces *interfaces, const struct nlmsghdr *message)
{
	struct netlink_bytes attributes = netlink_attributes(message, sizeof(struct rtmsg));
	const struct rtattr *attribute;

	if (!is_default_route(message))
		return 0;
	attribute = netlink_find_attribute(attributes, RTA_OIF);
	if (attribute && RTA_PAYLOAD(attribute) >= sizeof(uint32_t))
		mark_default(interfaces, *(const uint32_t *)RTA_DATA(attribute));
	attribute = netlink_find_attribute(attributes, RTA_MULTIPATH);
	if (attribute)
		mark_hops(interfaces, attribute);
	return 0;
}

int interfaces_take(struct interfaces *interfaces, const void *messages, size_t size)
{
	struct netlink_bytes rest = { messages, size };
	const struct nlmsghdr *message;
	int err = 0;

	while (!err && (message = netlink_next_message(&rest))) {
		if (message->nlmsg_flags & NLM_F_DUMP_INTR)
			return -EINTR;
		if (message->nlmsg_type == NLMSG_DONE)
			return 1;
		if (message->nlmsg_type == NLMSG_ERROR)
			err = netlink_error(message);
		else if (message->nlmsg_type == RTM_NEWLINK)
			err = take_link(interfaces, message);
		else if (message->nlmsg_type == RTM_NEWROUTE)
			err = take_route(interfaces, message);
	}
	return err;
}

static int take(void *context, const void *messages, size_t size)
{
	return interfaces_take(context, messages, size);
}

/* Links without their statistics; routes of one family. */
static int dump(int fd, struct interfaces *interfaces, unsigned short type, unsigned char family)
{
	struct {
		struct nlmsghdr header;
		union {
			struct ifinfomsg link;
			struct rtmsg route;
		};
		struct rtattr filter;
		uint32_t mask;
	} message = { .header = { .nlmsg_len = sizeof(message.header) + sizeof(message.route),
				  .nlmsg_type = type,
				  .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP } };

	if (type == RTM_GETLINK) {
		message.header.nlmsg_len = sizeof(message);
		message.filter = (struct rtattr){ RTA_LENGTH(sizeof(message.mask)), IFLA_EXT_MASK };
		message.mask = RTEXT_FILTER_SKIP_STATS;
	} else {
		message.route.rtm_family = family;
	}
	return netlink_ask(fd, &message.header, take, interfaces);
}

/* A dump that was left half read stays in its socket, so each try has its own. */
static int try_read(struct interfaces *interfaces, bool routes)
{
	const struct timeval patience = { .tv_sec = 5 };
	int fd = netlink_open(0, 0), err;

	if (fd < 0)
		return fd;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	err = dump(fd, interfaces, RTM_GETLINK, AF_UNSPEC);
	if (!err && routes)
		err = dump(fd, interfaces, RTM_GETROUTE, AF_INET);
	if (!err && routes)
		err = dump(fd, interfaces, RTM_GETROUTE, AF_INET6);
	close(fd);
	return err;
}

int interfaces_read(struct interfaces *interfaces, bool routes)
{
	int err = -EINTR;

	*interfaces = (struct interfaces){ 0 };
	for (int tries = 0; err == -EINTR && tries < TRIES; tries++) {
		interfaces_close(interfaces);
		err = try_read(interfaces, routes);
	}
	if (!err)
		return 0;
	interfaces_close(interfaces);
	return log_fail(err, "ask the kernel for its interfaces");
}

void interfaces_close(struct interfaces *interfaces)
{
	for (size_t i = 0; i < interfaces->count; i++)
		free(interfaces->interfaces[i].alternatives);
	free(interfaces->interfaces);
	*interfaces = (struct interfaces){ 0 };
}

int interfaces_listen(bool routes)
{
	unsigned int groups = RTMGRP_LINK;
	int fd;

	if (routes)
		groups |= RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
	fd = netlink_open(SOCK_NONBLOCK, groups);
	return fd < 0 ? log_fail(fd, "listen to changes of interfaces") : fd;
}

static void take_news(struct interfaces_news *news, const void *messages, size_t size)
{
	struct netlink_bytes rest = { messages, size };
	const struct nlmsghdr *message;

	while ((message = netlink_next_message(&rest))) {
		bool route =
			message->nlmsg_type == RTM_NEWROUTE || message->nlmsg_type == RTM_DELROUTE;

		news->changed |= !route || is_default_route(message);
		news->deleted |= message->nlmsg_type == RTM_DELLINK;
	}
}

struct interfaces_news interfaces_news(int descriptor)
{
	static char messages[NETLINK_READ_MAX] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct interfaces_news news = { 0 };
	ssize_t size;

	while ((size = recv(descriptor, messages, sizeof(messages), 0)) > 0 ||
	       (size < 0 && (errno == ENOBUFS || errno == EINTR))) {
		if (size > 0)
			take_news(&news, messages, (size_t)size);
		else if (errno == ENOBUFS) /* some were lost */
			news = (struct interfaces_news){ true, true };
	}
	return news;
}
