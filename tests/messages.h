/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Messages of rtnetlink, one behind the other, as one read returns them.
 */
#ifndef PORTCLASS_MESSAGES_H
#define PORTCLASS_MESSAGES_H

#include <linux/rtnetlink.h>
#include <stddef.h>

/* A zeroed one is empty. */
struct messages {
	char bytes[1024] __attribute__((aligned(NLMSG_ALIGNTO)));
	size_t size;
};

struct nlmsghdr *messages_add(struct messages *messages, unsigned short type, const void *body,
			      size_t size);

/* To the last message, which is @header. */
void messages_add_attribute(struct messages *messages, struct nlmsghdr *header, unsigned short type,
			    const void *value, size_t size);

#endif
