// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Ask the kernel for interfaces, one at a time. Not by if_nametoindex(3), which says
 * ENOENT where it got no socket.
 */
#include "kernel/ifindex.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"

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

int ifindex_say_none(const char *interface)
{
	return log_say_of(OUTCOME_NO_INTERFACE, interface,
			  "no such interface in this network namespace (try: ip link)");
}
