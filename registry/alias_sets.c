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
	uint32_t *ports;

	if (!texts)
		return -ENOMEM;
	sets->texts = texts;
	ports = reallocarray(sets->ports, capacity, sizeof(*ports));
	if (!ports)
		return -ENOMEM;
	sets->ports = ports;
	sets->capacity = capacity;
	return 0;
}

int alias_sets_open(struct alias_sets *sets)
{
	int err;

	*sets = (struct alias_sets){ 0 };
	err = grow(sets);
	if (err) {
		alias_sets_close(sets);
		return err;
	}
	memset(sets->texts[ALIAS_SET_EMPTY], 0, sizeof(sets->texts[0]));
	sets->count = 1;
	return 0;
}

void alias_sets_close(struct alias_sets *sets)
{
	free(sets->texts);
	free(sets->ports);
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

/* The number of a set that no port has yet; ALIAS_SET_EMPTY: no memory. */
static uint32_t take_set(struct alias_sets *sets)
{
	uint32_t set = sets->free;

	if (set) {
		sets->free = sets->ports[set];
	} else {
		if (sets->count == sets->capacity && grow(sets))
			return ALIAS_SET_EMPTY;
		set = sets->count++;
	}
	sets->ports[set] = 0;
	return set;
}

void alias_sets_clear(struct alias_sets *sets, uint32_t *set)
{
	uint32_t cleared = *set;

	*set = ALIAS_SET_EMPTY;
	if (cleared == ALIAS_SET_EMPTY || --sets->ports[cleared])
		return;
	sets->ports[cleared] = sets->free;
	sets->free = cleared;
	if (cleared == sets->before || cleared == sets->after)
		sets->name = NULL;
}

/* One port leaves @set for @other. */
static void move(struct alias_sets *sets, uint32_t *set, uint32_t other)
{
	sets->ports[other]++;
	alias_sets_clear(sets, set);
	*set = other;
}

static void write_set(char *text, const char *before, const char *name, size_t size)
{
	size_t used = strlen(before);

	memcpy(text, before, ALIASES_SIZE);
	if (used)
		text[used++] = ' ';
	memcpy(text + used, name, size);
	memset(text + used + size, 0, ALIASES_SIZE - used - size);
}

int alias_sets_add(struct alias_sets *sets, uint32_t *set, const char *name, size_t size)
{
	size_t used = strlen(sets->texts[*set]);
	uint32_t other;

	if (sets->name == name && sets->before == *set) {
		move(sets, set, sets->after);
		return 0;
	}
	if (has_name(sets->texts[*set], name, size))
		return 0;
	if (used + (used > 0) + size >= ALIASES_SIZE)
		return -ENOSPC;
	other = take_set(sets);
	if (other == ALIAS_SET_EMPTY)
		return -ENOMEM;
	write_set(sets->texts[other], sets->texts[*set], name, size);
	sets->name = name;
	sets->before = *set;
	sets->after = other;
	move(sets, set, other);
	return 0;
}
