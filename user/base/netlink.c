// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * As the macros of linux/netlink.h, but of sizes that can't be negative. Who answers is
 * the kernel, so nothing is sent twice.
 */
#include "base/netlink.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void advance(struct netlink_bytes *rest, size_t step)
{
	step = step < rest->size ? step : rest->size;
	rest->at = (const char *)rest->at + step;
	rest->size -= step;
}

const struct nlmsghdr *netlink_next_message(struct netlink_bytes *rest)
{
	const struct nlmsghdr *message = rest->at;

	if (rest->size < sizeof(*message) || message->nlmsg_len < sizeof(*message) ||
	    message->nlmsg_len > rest->size)
		return NULL;
	advance(rest, NLMSG_ALIGN((size_t)message->nlmsg_len));
	return message;
}

const struct rtattr *netlink_next_attribute(struct netlink_bytes *rest)
{
	const struct rtattr *attribute = rest->at;

	if (rest->size < sizeof(*attribute) || attribute->rta_len < sizeof(*attribute) ||
	    attribute->rta_len > rest->size)
		return NULL;
	advance(rest, RTA_ALIGN((size_t)attribute->rta_len));
	return attribute;
}

struct netlink_bytes netlink_attributes(const struct nlmsghdr *message, size_t size)
{
	const size_t before = NLMSG_LENGTH(NLMSG_ALIGN(size));

	if (message->nlmsg_len < before)
		return (struct netlink_bytes){ 0 };
	return (struct netlink_bytes){ (const char *)message + before,
				       message->nlmsg_len - before };
}

struct netlink_bytes netlink_payload(const struct rtattr *attribute)
{
	return (struct netlink_bytes){ RTA_DATA(attribute), RTA_PAYLOAD(attribute) };
}

const struct rtattr *netlink_find_attribute(struct netlink_bytes attributes, unsigned short type)
{
	const struct rtattr *attribute;

	while ((attribute = netlink_next_attribute(&attributes)))
		if ((attribute->rta_type & NLA_TYPE_MASK) == type)
			return attribute;
	return NULL;
}

int netlink_error(const struct nlmsghdr *message)
{
	const struct nlmsgerr *error = NLMSG_DATA(message);

	if (message->nlmsg_type != NLMSG_ERROR ||
	    message->nlmsg_len < NLMSG_LENGTH(sizeof(*error)) || error->error > 0)
		return -EBADMSG;
	return error->error;
}

int netlink_open(int flags, unsigned int groups)
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

int netlink_ask(int socket, const struct nlmsghdr *request, netlink_take *take, void *context)
{
	static char answer[NETLINK_READ_MAX] __attribute__((aligned(NLMSG_ALIGNTO)));
	int taken = send(socket, request, request->nlmsg_len, 0) < 0 ? -errno : 0;

	while (!taken) {
		ssize_t size = recv(socket, answer, sizeof(answer), 0);

		if (size >= 0)
			taken = take(context, answer, (size_t)size);
		else if (errno != EINTR)
			taken = -errno;
	}
	return taken < 0 ? taken : 0;
}
