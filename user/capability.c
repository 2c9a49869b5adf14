// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Capabilities (capabilities(7)): what is missing, said by name.
 */
#include "capability.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/capability.h>

#include "log.h"

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
	return log_say(-EPERM, "%s: missing %s (run it as root, or with these capabilities)", what,
		       missing);
}

int capability_explain(int err, const char *what)
{
	char missing[MISSING_SIZE];

	list_missing(missing);
	if ((err == -EPERM || err == -EACCES) && missing[0])
		return log_fail(err, "%s (missing %s; run it as root)", what, missing);
	return log_fail(err, "%s", what);
}
