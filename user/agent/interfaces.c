// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Ask rtnetlink for links and default routes, and listen to it.
 */
#include "agent/interfaces.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/log.h"

#define MESSAGES_SIZE 32768 /* the most that the kernel puts into one read of a dump */
#define TRIES	      10

const struct interface *interfaces_find(const struct interfaces *interfaces, unsigned int index)
{
	for (size_t i = 0; i < interfaces->count; i++)
		if (interfaces->interfaces[i].index == index)
			return &interfaces->interfaces[i];
	return NULL;
}

/* As NLMSG_OK() and NLMSG_NEXT(), but of sizes that can't be negative. */
static bool is_whole(const struct nlmsghdr *message, size_t size)
{
	return size >= sizeof(*message) && message->nlmsg_len >= sizeof(*message) &&
	       message->nlmsg_len <= size;
}

static const struct nlmsghdr *next_message(const struct nlmsghdr *message, size_t *size)
{
	size_t step = NLMSG_ALIGN(message->nlmsg_len);

	step = step < *size ? step : *size;
	*size -= step;
	return (const struct nlmsghdr *)((const char *)message + step);
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

/* The attribute of a type among @size bytes of them; NULL: there is none. */
static const struct rtattr *find_attribute(const struct rtattr *attribute, int size,
					   unsigned short type)
{
	while (RTA_OK(attribute, size)) {
		int whole = (int)RTA_ALIGN(attribute->rta_len);

		if ((attribute->rta_type & NLA_TYPE_MASK) == type)
			return attribute;
		attribute = (const void *)((const char *)attribute + whole);
		size -= whole;
	}
	return NULL;
}

static int take_link(struct interfaces *interfaces, const struct nlmsghdr *message)
{
	const struct ifinfomsg *link = NLMSG_DATA(message);
	const struct rtattr *name;

	if (message->nlmsg_len < NLMSG_LENGTH(sizeof(*link)))
		return -EBADMSG;
	name = find_attribute(IFLA_RTA(link), (int)IFLA_PAYLOAD(message), IFLA_IFNAME);
	if (!name || !memchr(RTA_DATA(name), '\0', RTA_PAYLOAD(name)))
		return -EBADMSG;
	return add_interface(interfaces, link, RTA_DATA(name));
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
	const struct rtmsg *route = NLMSG_DATA(message);
	const struct rtattr *attribute;
	int size;

	if (!is_default_route(message))
		return 0;
	size = (int)RTM_PAYLOAD(message);
	attribute = find_attribute(RTM_RTA(route), size, RTA_OIF);
	if (attribute && RTA_PAYLOAD(attribute) >= sizeof(uint32_t))
		mark_default(interfaces, *(const uint32_t *)RTA_DATA(attribute));
	attribute = find_attribute(RTM_RTA(route), size, RTA_MULTIPATH);
	if (attribute)
		mark_hops(interfaces, attribute);
	return 0;
}

static int error_of(const struct nlmsghdr *message)
{
	const struct nlmsgerr *error = NLMSG_DATA(message);

	if (message->nlmsg_len < NLMSG_LENGTH(sizeof(*error)) || error->error > 0)
		return -EBADMSG;
	return error->error;
}

int interfaces_take(struct interfaces *interfaces, const void *messages, size_t size)
{
	const struct nlmsghdr *message = messages;
	int err = 0;

	for (; !err && is_whole(message, size); message = next_message(message, &size)) {
		if (message->nlmsg_flags & NLM_F_DUMP_INTR)
			return -EINTR;
		if (message->nlmsg_type == NLMSG_DONE)
			return 1;
		if (message->nlmsg_type == NLMSG_ERROR)
			err = error_of(message);
		else if (message->nlmsg_type == RTM_NEWLINK)
			err = take_link(interfaces, message);
		else if (message->nlmsg_type == RTM_NEWROUTE)
			err = take_route(interfaces, message);
	}
	return err;
}

static int open_socket(int flags, unsigned int groups)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = groups };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | flags, NETLINK_ROUTE);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address))) {
		int err = -errno;

		close(fd);
		return err;
	}
	return fd < 0 ? -errno : fd;
}

/* Links without their statistics; routes of one family. */
static int request(int fd, unsigned short type, unsigned char family)
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
	return send(fd, &message, message.header.nlmsg_len, 0) < 0 ? -errno : 0;
}

static int dump(int fd, struct interfaces *interfaces, unsigned short type, unsigned char family)
{
	static char messages[MESSAGES_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
	int err = request(fd, type, family);

	while (!err) {
		ssize_t size = recv(fd, messages, sizeof(messages), 0);

		err = size < 0 ? -errno : interfaces_take(interfaces, messages, (size_t)size);
	}
	return err < 0 ? err : 0;
}

/* A dump that was left half read stays in its socket, so each try has its own. */
static int try_read(struct interfaces *interfaces, bool routes)
{
	const struct timeval patience = { .tv_sec = 5 };
	int fd = open_socket(0, 0), err;

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
	free(interfaces->interfaces);
	*interfaces = (struct interfaces){ 0 };
}

int interfaces_listen(bool routes)
{
	unsigned int groups = RTMGRP_LINK;
	int fd;

	if (routes)
		groups |= RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
	fd = open_socket(SOCK_NONBLOCK, groups);
	return fd < 0 ? log_fail(fd, "listen to changes of interfaces") : fd;
}

static bool is_change(const void *messages, size_t size)
{
	const struct nlmsghdr *message = messages;

	for (; is_whole(message, size); message = next_message(message, &size)) {
		bool route =
			message->nlmsg_type == RTM_NEWROUTE || message->nlmsg_type == RTM_DELROUTE;

		if (!route || is_default_route(message))
			return true;
	}
	return false;
}

bool interfaces_changed(int descriptor)
{
	static char messages[MESSAGES_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
	bool changed = false;
	ssize_t size;

	while ((size = recv(descriptor, messages, sizeof(messages), 0)) > 0 ||
	       (size < 0 && (errno == ENOBUFS || errno == EINTR)))
		changed |= size < 0 || is_change(messages, (size_t)size);
	return changed;
}
