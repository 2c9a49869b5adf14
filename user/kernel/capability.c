// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Capabilities (capabilities(7)): what is missing, said by name, and what is given up.
 * What a step needs is known where it is taken.
 */
#include "kernel/capability.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/capability.h>
#include <unistd.h>
#include <sys/prctl.h>

#include "base/log.h"

#define MISSING_SIZE 64

static const struct need {
	cap_value_t capability;
	const char *name;
	bool by_sys_admin; /* CAP_SYS_ADMIN serves as well */
} needs[] = {
	{ CAP_BPF, "CAP_BPF", true },
	{ CAP_NET_ADMIN, "CAP_NET_ADMIN", false },
	{ CAP_PERFMON, "CAP_PERFMON", true },
};

/* What capability_lower() takes out of effect; false: nothing was dropped, so it stays. */
static bool dropped;

static bool is_effective(cap_t capabilities, cap_value_t capability)
{
	cap_flag_value_t value;

	return !cap_get_flag(capabilities, capability, CAP_EFFECTIVE, &value) && value == CAP_SET;
}

/* The names of what is missing, separated by commas; empty if nothing is. */
static void list_missing(char missing[MISSING_SIZE])
{
	cap_t capabilities = cap_get_proc();
	size_t used = 0;

	missing[0] = '\0';
	if (!capabilities)
		return;
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		const struct need *need = &needs[i];

		if (is_effective(capabilities, need->capability) ||
		    (need->by_sys_admin && is_effective(capabilities, CAP_SYS_ADMIN)))
			continue;
		used += (size_t)snprintf(missing + used, MISSING_SIZE - used, "%s%s",
					 used ? ", " : "", need->name);
	}
	cap_free(capabilities);
}

int capability_check_attach(const char *what)
{
	char missing[MISSING_SIZE];

	list_missing(missing);
	if (!missing[0])
		return 0;
	return log_say(OUTCOME_NOT_PERMITTED,
		       "%s: missing %s (run it as root, or with these capabilities)", what,
		       missing);
}

int capability_explain(int err, const char *what)
{
	char missing[MISSING_SIZE];

	list_missing(missing);
	if ((err != -EPERM && err != -EACCES) || !missing[0])
		return log_fail(err, "%s", what);
	if (geteuid())
		return log_fail(err, "%s (missing %s, and the pins are root's: run it as root)",
				what, missing);
	return log_fail(err, "%s (missing %s)", what, missing);
}

/* Make @kept, of what is permitted now, all that is permitted. */
static int keep(cap_t kept, cap_t permitted)
{
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		cap_flag_value_t value = CAP_CLEAR;

		if (cap_get_flag(permitted, needs[i].capability, CAP_PERMITTED, &value) ||
		    cap_set_flag(kept, CAP_PERMITTED, 1, &needs[i].capability, value))
			return -errno;
	}
	return cap_set_proc(kept) ? -errno : 0;
}

int capability_drop(void)
{
	cap_t kept = cap_init(), permitted = cap_get_proc();
	int err = kept && permitted ? 0 : -errno;

	if (!err && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		err = -errno;
	if (!err)
		err = keep(kept, permitted);
	cap_free(permitted);
	cap_free(kept);
	dropped = !err;
	return err ? log_fail(err, "give up capabilities") : 0;
}

/* What is permitted takes effect, or nothing does. Neither can be refused. */
static void put_into_effect(cap_flag_value_t value)
{
	cap_t capabilities = dropped ? cap_get_proc() : NULL;

	if (!capabilities)
		return;
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		cap_flag_value_t permitted = CAP_CLEAR;

		cap_get_flag(capabilities, needs[i].capability, CAP_PERMITTED, &permitted);
		if (permitted == CAP_SET)
			cap_set_flag(capabilities, CAP_EFFECTIVE, 1, &needs[i].capability, value);
	}
	cap_set_proc(capabilities);
	cap_free(capabilities);
}

void capability_raise(void)
{
	put_into_effect(CAP_SET);
}

void capability_lower(void)
{
	put_into_effect(CAP_CLEAR);
}
