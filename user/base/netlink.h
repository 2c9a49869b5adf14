/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * rtnetlink(7): a socket, a question and its answers, and what stands in a message. What
 * a message means is not known here. Lengths in foreign bytes are checked before use.
 */
#ifndef PORTCLASS_NETLINK_H
#define PORTCLASS_NETLINK_H

#include <linux/rtnetlink.h>
#include <stddef.h>

/* The most that the kernel puts into one read. */
#define NETLINK_READ_MAX 32768

/* Bytes that were not looked at yet: messages, or attributes. */
struct netlink_bytes {
	const void *at; /* aligned to 4 */
	size_t size;
};

/* Take the next one off @rest; NULL: there is none, or none that is whole. */
const struct nlmsghdr *netlink_next_message(struct netlink_bytes *rest);
const struct rtattr *netlink_next_attribute(struct netlink_bytes *rest);

/* What stands behind the @size bytes of a message's own header; none if it ends before. */
struct netlink_bytes netlink_attributes(const struct nlmsghdr *message, size_t size);

/* What stands in an attribute: attributes, or list elements. */
struct netlink_bytes netlink_payload(const struct rtattr *attribute);

/* The first attribute of a type; NULL: there is none. */
const struct rtattr *netlink_find_attribute(struct netlink_bytes attributes, unsigned short type);

/* The -errno of an NLMSG_ERROR, 0 for an acknowledgement; -EBADMSG: it is none. */
int netlink_error(const struct nlmsghdr *message);

/* A socket with SOCK_* @flags that hears @groups (RTMGRP_*; 0: none), or -errno, not said. */
int netlink_open(int flags, unsigned int groups);

/* What an answer is given to: 0 to wait for more, 1 at its end, or -errno. */
typedef int netlink_take(void *context, const void *messages, size_t size);

/* Send @request, and have what is answered taken. Returns 0 or -errno, not said. */
int netlink_ask(int socket, const struct nlmsghdr *request, netlink_take *take, void *context);

#endif
