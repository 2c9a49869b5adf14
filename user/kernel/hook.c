// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The table of hooks. What each does lies in a file of its own.
 */
#include "kernel/hook.h"

#include <linux/bpf.h>

#define HOOK_ROW(word) &hook_##word,
const struct hook *const hooks[] = { HOOKS(HOOK_ROW) NULL };

unsigned int hook_count(void)
{
	return sizeof(hooks) / sizeof(hooks[0]) - 1;
}

const char *hook_name_at(unsigned int number)
{
	return number < hook_count() ? hooks[number]->name : NULL;
}

const char *hook_mode_at(unsigned int number)
{
	return number < hook_count() ? hooks[number]->mode : NULL;
}

const char *hook_name(const struct hook *hook)
{
	return hook ? hook->name : "unknown";
}

const char *hook_mode(const struct hook *hook)
{
	return hook && hook->mode ? hook->mode : hook_name(hook);
}

int hook_query(struct hook_place *place, const struct bpf_link_info *link)
{
	*place = (struct hook_place){ 0 };
	for (const struct hook *const *hook = hooks; *hook; hook++)
		if ((*hook)->link_type == link->type)
			return (*hook)->query(place, link);
	return 0;
}

unsigned int hook_ifindex(const struct bpf_link_info *link)
{
	for (const struct hook *const *hook = hooks; *hook; hook++)
		if ((*hook)->link_type == link->type)
			return (*hook)->ifindex(link);
	return 0;
}
