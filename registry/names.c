// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The one spelling of everything that has a name, and the rules for names.
 */
#include "registry.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define SERVICE_NAME_MAX 15 /* RFC 6335, section 5.1 */

static const char *const transports[TRANSPORT_MAX] = {
	[TRANSPORT_TCP] = "tcp",
	[TRANSPORT_UDP] = "udp",
	[TRANSPORT_SCTP] = "sctp",
	[TRANSPORT_DCCP] = "dccp",
};

static const char *const classes[CLASS_MAX] = {
	[CLASS_SYSTEM] = "system",
	[CLASS_USER] = "user",
	[CLASS_DYNAMIC] = "dynamic",
};

static const char *const statuses[STATUS_MAX] = {
	[STATUS_ASSIGNED] = "assigned",	    [STATUS_RESERVED] = "reserved",
	[STATUS_UNASSIGNED] = "unassigned", [STATUS_DYNAMIC] = "dynamic",
	[STATUS_RETIRED] = "retired",
};

static const char *const origins[ORIGIN_MAX] = {
	[ORIGIN_REGISTRY] = "registry",
	[ORIGIN_OVERLAY] = "overlay",
};

static const char *const reasons[REASON_MAX] = {
	[REASON_TRUNCATED] = "truncated",
	[REASON_MALFORMED] = "malformed",
	[REASON_TOO_DEEP] = "too_deep",
	[REASON_FRAGMENT] = "fragment",
	[REASON_ARP] = "arp",
	[REASON_NON_IP] = "non_ip",
	[REASON_ICMP] = "icmp",
	[REASON_OTHER_L4] = "other_l4",
};

static const char *const count_bys[COUNT_BY_MAX] = {
	[COUNT_BY_SERVICE] = "service",
	[COUNT_BY_DESTINATION] = "destination",
	[COUNT_BY_SOURCE] = "source",
};

const char *transport_name(enum transport transport)
{
	return transports[transport];
}

const char *class_name(enum class class)
{
	return classes[class];
}

const char *status_name(enum status status)
{
	return statuses[status];
}

const char *origin_name(enum origin origin)
{
	return origins[origin];
}

const char *reason_name(enum reason reason)
{
	return reasons[reason];
}

const char *count_by_name(enum count_by count_by)
{
	return count_bys[count_by];
}

/* The index of @name, @count if it is not among the names. */
static unsigned int find(const char *const *names, unsigned int count, const char *name)
{
	unsigned int i = 0;

	while (i < count && strcasecmp(names[i], name))
		i++;
	return i;
}

enum transport transport_by_name(const char *name)
{
	return find(transports, TRANSPORT_MAX, name);
}

enum count_by count_by_by_name(const char *name)
{
	return find(count_bys, COUNT_BY_MAX, name);
}

/* clang-format off */ /* takes `enum class` for C++ */
enum class class_of(uint16_t port)
{
	if (port < CLASS_USER_FIRST)
		return CLASS_SYSTEM;
	return port < CLASS_DYNAMIC_FIRST ? CLASS_USER : CLASS_DYNAMIC;
}
/* clang-format on */

void service_name_fit(char fitted[SERVICE_SIZE], const char *name)
{
	const char *rest = strchr(name, '/');
	size_t size = strlen(name), excess = size < SERVICE_SIZE ? 0 : size - SERVICE_SIZE + 1;

	if (excess && rest && (size_t)(rest - name) > excess)
		snprintf(fitted, SERVICE_SIZE, "%.*s%s", (int)((size_t)(rest - name) - excess),
			 name, rest);
	else
		snprintf(fitted, SERVICE_SIZE, "%s", name);
}

bool service_name_is_valid(const char *name)
{
	size_t length = strlen(name);
	bool has_letter = false;

	if (!length || length > SERVICE_NAME_MAX || name[0] == '-' || name[length - 1] == '-')
		return false;
	for (size_t i = 0; i < length; i++) {
		if (!isascii(name[i]) || (!isalnum((unsigned char)name[i]) && name[i] != '-'))
			return false;
		if (name[i] == '-' && name[i + 1] == '-')
			return false;
		has_letter |= isalpha((unsigned char)name[i]) != 0;
	}
	return has_letter;
}
