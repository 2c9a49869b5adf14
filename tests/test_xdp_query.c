// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * What rtnetlink answers when it is asked for the XDP programs of one interface.
 */
#include <errno.h>
#include <linux/if_link.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "messages.h"
#include "kernel/xdp_query.h"

#define ATTACHED_MULTI 4 /* XDP_ATTACHED_MULTI: more than one */

/* A link whose XDP attribute holds ids of these types, 0: not told. */
static struct messages answer_with(unsigned short nested_flag, const uint32_t ids[IFLA_XDP_MAX + 1])
{
	const struct ifinfomsg link = { .ifi_index = 7 };
	struct messages answer = { .size = 0 }, programs = { .size = 0 };
	struct nlmsghdr unused = { 0 }, *header;
	const uint8_t mode = ATTACHED_MULTI;

	messages_add_attribute(&programs, &unused, IFLA_XDP_ATTACHED, &mode, sizeof(mode));
	for (unsigned short type = 0; type <= IFLA_XDP_MAX; type++)
		if (ids[type])
			messages_add_attribute(&programs, &unused, type, &ids[type], sizeof(*ids));
	header = messages_add(&answer, RTM_NEWLINK, &link, sizeof(link));
	messages_add_attribute(&answer, header, IFLA_IFNAME, "eth0", sizeof("eth0"));
	messages_add_attribute(&answer, header, IFLA_XDP | nested_flag, programs.bytes,
			       programs.size);
	return answer;
}

static void each_place_is_told_apart(void **state)
{
	static const struct answer_case {
		uint32_t ids[IFLA_XDP_MAX + 1];
		struct xdp_query want;
		uint32_t any;
	} cases[] = {
		{ { 0 }, { 0, 0, 0 }, 0 },
		{ { [IFLA_XDP_PROG_ID] = 5, [IFLA_XDP_DRV_PROG_ID] = 5 }, { 5, 0, 0 }, 5 },
		{ { [IFLA_XDP_PROG_ID] = 6, [IFLA_XDP_SKB_PROG_ID] = 6 }, { 0, 6, 0 }, 6 },
		{ { [IFLA_XDP_PROG_ID] = 7, [IFLA_XDP_HW_PROG_ID] = 7 }, { 0, 0, 7 }, 7 },
		{ { [IFLA_XDP_DRV_PROG_ID] = 8, [IFLA_XDP_HW_PROG_ID] = 9 }, { 8, 0, 9 }, 8 },
	};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
		const struct answer_case *c = &cases[i / 2];
		struct messages answer =
			answer_with((unsigned short)(i % 2 ? NLA_F_NESTED : 0), c->ids);
		struct xdp_query query = { 1, 2, 3 };

		assert_int_equal(xdp_query_take(&query, answer.bytes, answer.size), 0);
		assert_memory_equal(&query, &c->want, sizeof(query));
		assert_int_equal(xdp_query_any(&query), c->any);
	}
}

static void an_interface_without_the_attribute_runs_none(void **state)
{
	const struct ifinfomsg link = { .ifi_index = 7 };
	const struct xdp_query none = { 0 };
	struct messages answer = { .size = 0 };
	struct xdp_query query = { 1, 2, 3 };

	(void)state;
	messages_add(&answer, RTM_NEWLINK, &link, sizeof(link));
	assert_int_equal(xdp_query_take(&query, answer.bytes, answer.size), 0);
	assert_memory_equal(&query, &none, sizeof(query));
}

static int take_error(int error)
{
	const struct nlmsgerr failure = { .error = error };
	struct messages answer = { .size = 0 };
	struct xdp_query query;

	messages_add(&answer, NLMSG_ERROR, &failure, sizeof(failure));
	return xdp_query_take(&query, answer.bytes, answer.size);
}

static void a_refusal_is_handed_on_and_nonsense_is_not_taken(void **state)
{
	struct messages answer = { .size = 0 };
	struct xdp_query query;
	int done = 0;

	(void)state;
	assert_int_equal(take_error(-ENODEV), -ENODEV);
	assert_int_equal(take_error(-EPERM), -EPERM);
	assert_int_equal(take_error(0), -EBADMSG);
	assert_int_equal(take_error(5), -EBADMSG);
	messages_add(&answer, NLMSG_DONE, &done, sizeof(done));
	assert_int_equal(xdp_query_take(&query, answer.bytes, answer.size), -EBADMSG);
	assert_int_equal(xdp_query_take(&query, answer.bytes, 0), -EBADMSG);
}

/* Whatever is missing at the end: nothing is read behind it, and no id made up. */
static void an_answer_cut_short_names_no_other_program(void **state)
{
	const uint32_t ids[IFLA_XDP_MAX + 1] = { [IFLA_XDP_DRV_PROG_ID] = 0x01020304 };
	struct messages answer = answer_with(0, ids);

	(void)state;
	for (size_t size = 0; size < answer.size; size++) {
		char *block = malloc(size ? size : 1);
		struct xdp_query query = { 0 };

		assert_non_null(block);
		memcpy(block, answer.bytes, size);
		if (size >= sizeof(struct nlmsghdr))
			((struct nlmsghdr *)block)->nlmsg_len = (__u32)size;
		if (!xdp_query_take(&query, block, size))
			assert_true(!query.native || query.native == ids[IFLA_XDP_DRV_PROG_ID]);
		assert_int_equal(query.generic, 0);
		free(block);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_place_is_told_apart),
		cmocka_unit_test(an_interface_without_the_attribute_runs_none),
		cmocka_unit_test(a_refusal_is_handed_on_and_nonsense_is_not_taken),
		cmocka_unit_test(an_answer_cut_short_names_no_other_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
