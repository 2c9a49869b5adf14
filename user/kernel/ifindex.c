// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Ask the kernel for interfaces, one at a time. Not by if_nametoindex(3), which says
 * ENOENT where it got no socket.
 */
#include "kernel/ifindex.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/netlink.h"
#include "text.h"

/* 0 or -errno: -ENODEV there is no such interface. */
static int ask(unsigned long question, struct ifreq *interface)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), err;

	if (fd < 0)
		return -errno;
	err = ioctl(fd, question, interface) ? -errno : 0;
	close(fd);
	return err;
}

int ifindex_of(const char *interface)
{
	struct ifreq request = { 0 };
	size_t length = strlen(interface);
	int err;

	if (length >= sizeof(request.ifr_name))
		return 0;
	memcpy(request.ifr_name, interface, length);
	err = ask(SIOCGIFINDEX, &request);
	if (err == -ENODEV)
		return 0;
	return err ? log_fail(err, "look for the interface %s", interface) : request.ifr_ifindex;
}

int ifindex_name(char name[IF_NAMESIZE], unsigned int index)
{
	struct ifreq request = { .ifr_ifindex = (int)index };
	int err = ask(SIOCGIFNAME, &request);

	if (!err)
		memcpy(name, request.ifr_name, IF_NAMESIZE);
	return !err || err == -ENODEV ? 0
				      : log_fail(err, "ask for the name of interface %u", index);
}

/* A short name, of whichever kind: one question has its index, another the name. */
static bool ask_short(char name[IF_NAMESIZE], const char *given)
{
	struct ifreq request = { 0 };

	if (strlen(given) >= sizeof(request.ifr_name))
		return false;
	memcpy(request.ifr_name, given, strlen(given));
	if (ask(SIOCGIFINDEX, &request) || ask(SIOCGIFNAME, &request))
		return false;
	memcpy(name, request.ifr_name, IF_NAMESIZE);
	return true;
}

static int take_name(void *context, const void *messages, size_t size)
{
	struct netlink_bytes rest = { messages, size };
	const struct nlmsghdr *message = netlink_next_message(&rest);
	const struct rtattr *name;

	if (!message || message->nlmsg_type != RTM_NEWLINK)
		return -ENODEV;
	name = netlink_find_attribute(netlink_attributes(message, sizeof(struct ifinfomsg)),
				      IFLA_IFNAME);
	if (!name || RTA_PAYLOAD(name) > IF_NAMESIZE ||
	    !memchr(RTA_DATA(name), '\0', RTA_PAYLOAD(name)))
		return -EBADMSG;
	strcpy(context, RTA_DATA(name));
	return 1;
}

/* Kernels before 5.5 know no such attribute, and find nothing. */
static bool ask_long(char name[IF_NAMESIZE], const char *given)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
		struct rtattr attribute;
		char alternative[IFINDEX_NAME_SIZE];
	} request = { .header = { .nlmsg_type = RTM_GETLINK, .nlmsg_flags = NLM_F_REQUEST } };
	size_t length = strlen(given);
	int fd, err;

	if (length >= IFINDEX_NAME_SIZE)
		return false;
	memcpy(request.alternative, given, length);
	request.attribute.rta_type = IFLA_ALT_IFNAME;
	request.attribute.rta_len = (unsigned short)RTA_LENGTH(length + 1);
	request.header.nlmsg_len =
		(__u32)(NLMSG_LENGTH(sizeof(request.link)) + RTA_SPACE(length + 1));
	fd = netlink_open(0, 0);
	err = fd < 0 ? fd : netlink_ask(fd, &request.header, take_name, name);
	if (fd >= 0)
		close(fd);
	return !err;
}

static bool ask_name(char name[IF_NAMESIZE], const char *given)
{
	return ask_short(name, given) || ask_long(name, given);
}

const char *ifindex_real_name(char name[IF_NAMESIZE], const char *given)
{
	char read[IFINDEX_NAME_SIZE];

	if (!given)
		return NULL;
	/* As it is shown first: a name that looks like another's is shown in another way. */
	if (text_read(read, sizeof(read), given) && strcmp(read, given) != 0 &&
	    ask_name(name, read))
		return name;
	return ask_name(name, given) ? name : given;
}

int ifindex_hardware(const char *interface)
{
	struct ifreq request = { 0 };
	int err;

	if (strlen(interface) >= sizeof(request.ifr_name))
		return -ENODEV;
	strcpy(request.ifr_name, interface);
	err = ask(SIOCGIFHWADDR, &request);
	if (!err)
		return request.ifr_hwaddr.sa_family;
	return err == -ENODEV ? err : log_fail(err, "ask what %s is", interface);
}

int ifindex_say_none(const char *interface)
{
	return log_say_of(OUTCOME_NO_INTERFACE, interface,
			  "no such interface in this network namespace (try: ip link)");
}
