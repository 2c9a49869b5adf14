// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Each outcome's exit status, as portclass(8) documents it, and that of errno codes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "base/outcome.h"

#define ERRNO_MAX 4095

static const struct ending {
	const char *name;
	int err;
	int status;
} endings[] = {
	{ "done", OUTCOME_DONE, 0 },
	{ "usage", OUTCOME_USAGE, 1 },
	{ "refused", OUTCOME_REFUSED, 2 },
	{ "foreign", OUTCOME_FOREIGN, 2 },
	{ "no room", OUTCOME_NO_ROOM, 2 },
	{ "not attached", OUTCOME_NOT_ATTACHED, 3 },
	{ "no interface", OUTCOME_NO_INTERFACE, 3 },
	{ "not found", OUTCOME_NOT_FOUND, 3 },
	{ "busy", OUTCOME_BUSY, 4 },
	{ "not permitted", OUTCOME_NOT_PERMITTED, 5 },
	{ "bad registry", OUTCOME_BAD_REGISTRY, 6 },
	{ "EPERM", -EPERM, 5 },
	{ "EACCES", -EACCES, 5 },
	/* What these say of a file, an interface or a slot is not for them to say. */
	{ "ENOENT", -ENOENT, 2 },
	{ "ENODEV", -ENODEV, 2 },
	{ "EBUSY", -EBUSY, 2 },
	{ "EBADMSG", -EBADMSG, 2 },
	{ "EBADR", -EBADR, 2 },
	{ "EPROTO", -EPROTO, 2 },
	{ "EOPNOTSUPP", -EOPNOTSUPP, 2 },
	{ "ENOSPC", -ENOSPC, 2 },
	{ "ENOMEM", -ENOMEM, 2 },
	{ "EPIPE", -EPIPE, 2 },
	{ "an errno that libbpf has for itself", -4000, 2 },
	{ "the last errno that there can be", -ERRNO_MAX, 2 },
	{ "no outcome at all", OUTCOME_LAST - 1, 2 },
};

static void each_has_its_status(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if ((int)outcome_status(endings[i].err) != endings[i].status)
			fail_msg("%s: %d, not %d", endings[i].name,
				 (int)outcome_status(endings[i].err), endings[i].status);
}

static const struct ending *find(int err)
{
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (endings[i].err == err)
			return &endings[i];
	return NULL;
}

/* None is forgotten above, none is an errno, and no two are one. */
static void each_is_its_own(void **state)
{
	(void)state;
	assert_true(OUTCOME_FIRST < -ERRNO_MAX);
	for (int err = OUTCOME_FIRST; err >= OUTCOME_LAST; err--) {
		if (!find(err))
			fail_msg("%d is no outcome that is tested", err);
		assert_null(strstr(outcome_words(err), "Unknown error"));
	}
}

static void an_errno_says_what_it_means(void **state)
{
	(void)state;
	assert_string_equal(outcome_words(-EPERM), strerror(EPERM));
	assert_string_equal(outcome_words(-ENOSPC), strerror(ENOSPC));
	assert_string_equal(outcome_words(OUTCOME_NOT_ATTACHED), "not attached");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_has_its_status),
		cmocka_unit_test(each_is_its_own),
		cmocka_unit_test(an_errno_says_what_it_means),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
