// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Ask the kernel for interfaces, one at a time.
 */
#include "ifindex.h"

#include <errno.h>
#include <string.h>

#include "log.h"

int ifindex_of(const char *interface)
{
	unsigned int index = if_nametoindex(interface);

	if (index)
		return (int)index;
	return errno == ENODEV ? 0 : log_fail(-errno, "look for the interface %s", interface);
}

int ifindex_name(char name[IF_NAMESIZE], unsigned int index)
{
	char found[IF_NAMESIZE];

	if (if_indextoname(index, found))
		memcpy(name, found, sizeof(found));
	else if (errno != ENXIO)
		return log_fail(-errno, "ask for the name of interface %u", index);
	return 0;
}

int ifindex_say_none(const char *interface)
{
	return log_say(-ENODEV, "%s: no such interface in this network namespace (try: ip link)",
		       interface);
}
