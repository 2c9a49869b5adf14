// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* See messages.h. */
#include "messages.h"

#include <string.h>

struct nlmsghdr *messages_add(struct messages *messages, unsigned short type, const void *body,
			      size_t size)
{
	struct nlmsghdr *header = (struct nlmsghdr *)(messages->bytes + messages->size);

	*header = (struct nlmsghdr){ .nlmsg_type = type, .nlmsg_len = (__u32)NLMSG_LENGTH(size) };
	memcpy(NLMSG_DATA(header), body, size);
	messages->size += NLMSG_SPACE(size);
	return header;
}

void messages_add_attribute(struct messages *messages, struct nlmsghdr *header, unsigned short type,
			    const void *value, size_t size)
{
	struct rtattr *attribute = (struct rtattr *)(messages->bytes + messages->size);

	*attribute = (struct rtattr){ (unsigned short)RTA_LENGTH(size), type };
	memcpy(RTA_DATA(attribute), value, size);
	messages->size += RTA_SPACE(size);
	header->nlmsg_len += (__u32)RTA_SPACE(size);
}
