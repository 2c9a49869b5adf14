// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The other names that ports have, one text for all ports that have the same.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "alias_sets.h"

#define CAPACITY_FIRST 256

static int grow(struct alias_sets *sets)
{
	uint32_t capacity = sets->capacity ? sets->capacity * 2 : CAPACITY_FIRST;
	char(*texts)[ALIASES_SIZE] = reallocarray(sets->texts, capacity, sizeof(*texts));

	if (!texts)
		return -ENOMEM;
	sets->texts = texts;
	sets->capacity = capacity;
	return 0;
}

int alias_sets_open(struct alias_sets *sets)
{
	int err;

	*sets = (struct alias_sets){ 0 };
	err = grow(sets);
	if (err)
		return err;
	memset(sets->texts[ALIAS_SET_EMPTY], 0, sizeof(sets->texts[0]));
	sets->count = 1;
	return 0;
}

void alias_sets_close(struct alias_sets *sets)
{
	free(sets->texts);
	*sets = (struct alias_sets){ 0 };
}

static bool has_name(const char *text, const char *name, size_t size)
{
	while (*text) {
		size_t length = strcspn(text, " ");

		if (length == size && !memcmp(text, name, size))
			return true;
		text += length + strspn(text + length, " ");
	}
	return false;
}

int alias_sets_add(struct alias_sets *sets, uint32_t *set, const char *name, size_t size)
{
	size_t used = strlen(sets->texts[*set]);
	char *text;

	if (sets->name == name && sets->before == *set) {
		*set = sets->after;
		return 0;
	}
	if (has_name(sets->texts[*set], name, size))
		return 0;
	if (used + (used > 0) + size >= ALIASES_SIZE)
		return -ENOSPC;
	if (sets->count == sets->capacity && grow(sets))
		return -ENOMEM;
	text = memcpy(sets->texts[sets->count], sets->texts[*set], ALIASES_SIZE);
	if (used)
		text[used++] = ' ';
	memcpy(text + used, name, size);
	memset(text + used + size, 0, ALIASES_SIZE - used - size);
	sets->name = name;
	sets->before = *set;
	sets->after = *set = sets->count++;
	return 0;
}
