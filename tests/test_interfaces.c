// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * What rtnetlink messages say of interfaces and default routes.
 */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "agent/interfaces.h"
#include "messages.h"

static struct nlmsghdr *add_link(struct messages *messages, int index, const char *name,
				 unsigned int flags)
{
	struct ifinfomsg link = { .ifi_index = index, .ifi_flags = flags };
	struct nlmsghdr *header = messages_add(messages, RTM_NEWLINK, &link, sizeof(link));

	messages_add_attribute(messages, header, IFLA_IFNAME, name, strlen(name) + 1);
	return header;
}

static struct nlmsghdr *add_route(struct messages *messages, const struct rtmsg *route,
				  uint32_t index)
{
	struct nlmsghdr *header = messages_add(messages, RTM_NEWROUTE, route, sizeof(*route));

	if (index)
		messages_add_attribute(messages, header, RTA_OIF, &index, sizeof(index));
	return header;
}

#define DEFAULT_ROUTE \
	{ \
		.rtm_family = AF_INET, .rtm_table = RT_TABLE_MAIN, .rtm_type = RTN_UNICAST \
	}

static void links_are_listed(void **state)
{
	struct interfaces interfaces = { 0 };
	struct messages messages = { .size = 0 };

	(void)state;
	add_link(&messages, 1, "lo", IFF_LOOPBACK | IFF_UP);
	add_link(&messages, 7, "a_15_bytes_name", IFF_UP);
	assert_int_equal(interfaces_take(&interfaces, messages.bytes, messages.size), 0);
	assert_int_equal(interfaces.count, 2);
	assert_true(interfaces_find(&interfaces, 1)->loopback);
	assert_false(interfaces_find(&interfaces, 7)->loopback);
	assert_string_equal(interfaces_find(&interfaces, 7)->name, "a_15_bytes_name");
	assert_null(interfaces_find(&interfaces, 2));
	interfaces_close(&interfaces);
}

static const struct route_case {
	const char *name;
	struct rtmsg route;
	uint32_t index;
	bool is_default;
} routes[] = {
	{ "IPv4", DEFAULT_ROUTE, 2, true },
	{ "IPv6",
	  { .rtm_family = AF_INET6, .rtm_table = RT_TABLE_MAIN, .rtm_type = RTN_UNICAST },
	  2,
	  true },
	{ "of a network",
	  { .rtm_family = AF_INET,
	    .rtm_dst_len = 8,
	    .rtm_table = RT_TABLE_MAIN,
	    .rtm_type = RTN_UNICAST },
	  2,
	  false },
	{ "unreachable",
	  { .rtm_family = AF_INET6, .rtm_table = RT_TABLE_MAIN, .rtm_type = RTN_UNREACHABLE },
	  2,
	  false },
	{ "of another table",
	  { .rtm_family = AF_INET, .rtm_table = RT_TABLE_LOCAL, .rtm_type = RTN_UNICAST },
	  2,
	  false },
	{ "by an interface that is not listed", DEFAULT_ROUTE, 9, false },
	{ "without an interface", DEFAULT_ROUTE, 0, false },
};

static void default_routes_are_told_from_others(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		struct interfaces interfaces = { 0 };
		struct messages messages = { .size = 0 };

		add_link(&messages, 2, "eth0", 0);
		add_route(&messages, &routes[i].route, routes[i].index);
		assert_int_equal(interfaces_take(&interfaces, messages.bytes, messages.size), 0);
		if (interfaces.interfaces[0].default_route != routes[i].is_default)
			fail_msg("%s", routes[i].name);
		interfaces_close(&interfaces);
	}
}

static void every_next_hop_counts(void **state)
{
	const struct rtnexthop hops[] = {
		{ .rtnh_len = sizeof(struct rtnexthop), .rtnh_ifindex = 2 },
		{ .rtnh_len = sizeof(struct rtnexthop), .rtnh_ifindex = 4 },
	};
	const struct rtmsg route = DEFAULT_ROUTE;
	struct interfaces interfaces = { 0 };
	struct messages messages = { .size = 0 };

	(void)state;
	add_link(&messages, 2, "eth0", 0);
	add_link(&messages, 3, "eth1", 0);
	add_link(&messages, 4, "eth2", 0);
	messages_add_attribute(&messages, add_route(&messages, &route, 0), RTA_MULTIPATH, hops,
			       sizeof(hops));
	assert_int_equal(interfaces_take(&interfaces, messages.bytes, messages.size), 0);
	assert_true(interfaces_find(&interfaces, 2)->default_route);
	assert_false(interfaces_find(&interfaces, 3)->default_route);
	assert_true(interfaces_find(&interfaces, 4)->default_route);
	interfaces_close(&interfaces);
}

static void a_dump_ends_fails_or_contradicts_itself(void **state)
{
	const struct nlmsgerr refused = { .error = -EPERM }, senseless = { .error = 7 };
	struct interfaces interfaces = { 0 };
	struct messages messages = { .size = 0 };
	int zero = 0;

	(void)state;
	messages_add(&messages, NLMSG_DONE, &zero, sizeof(zero));
	assert_int_equal(interfaces_take(&interfaces, messages.bytes, messages.size), 1);
	messages.size = 0;
	messages_add(&messages, NLMSG_ERROR, &refused, sizeof(refused));
	assert_int_equal(interfaces_take(&interfaces, messages.bytes, messages.size), -EPERM);
	messages.size = 0;
	messages_add(&messages, NLMSG_ERROR, &senseless, sizeof(senseless));
	assert_int_equal(interfaces_take(&interfaces, messages.bytes, messages.size), -EBADMSG);
	messages.size = 0;
	add_link(&messages, 2, "eth0", 0)->nlmsg_flags = NLM_F_DUMP_INTR;
	assert_int_equal(interfaces_take(&interfaces, messages.bytes, messages.size), -EINTR);
	assert_int_equal(interfaces.count, 0);
}

/* Cut short at every byte, under ASan: nothing is read behind the end. */
static void cut_messages_are_not_read_past_their_end(void **state)
{
	const struct rtnexthop hop = { .rtnh_len = sizeof(hop), .rtnh_ifindex = 2 };
	const struct rtmsg route = DEFAULT_ROUTE;
	struct messages messages = { .size = 0 };

	(void)state;
	add_link(&messages, 2, "eth0", 0);
	messages_add_attribute(&messages, add_route(&messages, &route, 2), RTA_MULTIPATH, &hop,
			       sizeof(hop));
	for (size_t size = 0; size < messages.size; size++) {
		struct interfaces interfaces = { 0 };
		char *cut = test_malloc(size);

		memcpy(cut, messages.bytes, size);
		interfaces_take(&interfaces, cut, size);
		interfaces_close(&interfaces);
		test_free(cut);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(links_are_listed),
		cmocka_unit_test(default_routes_are_told_from_others),
		cmocka_unit_test(every_next_hop_counts),
		cmocka_unit_test(a_dump_ends_fails_or_contradicts_itself),
		cmocka_unit_test(cut_messages_are_not_read_past_their_end),
	};

	return cmocka_run_group_tests_name("interfaces", tests, NULL, NULL);
}
