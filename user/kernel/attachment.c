// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Which directories of pins there are, and whose they are.
 */
#include "kernel/attachment.h"

#include <bpf/bpf.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "abi.h"
#include "kernel/ifindex.h"
#include "base/log.h"
#include "base/moment.h"
#include "kernel/netns.h"
#include "kernel/pin.h"
#include "kernel/pin_names.h"
#include "kernel/pin_root.h"

/* What the pinned `info` of a directory says; zero if there is none of ours. 0 or -errno. */
static int info_of(struct pin_info *info, const char *directory)
{
	int fd = pin_open(directory, PIN_MAPS "/" PIN_INFO, "map"),
	    err = fd < 0 ? fd : pin_read_info(info, fd);

	if (fd >= 0)
		close(fd);
	if (err)
		*info = (struct pin_info){ 0 };
	return pin_is_absent(err) ? 0 : err;
}

/* @netns 0: without it. */
static void name_directory(char directory[PATH_MAX], const char *interface, uint64_t netns)
{
	int length = snprintf(directory, PATH_MAX, PIN_ROOT "/%s", interface);

	for (char *dot = directory + strlen(PIN_ROOT); (dot = strchr(dot, '.'));)
		*dot = ':';
	if (netns)
		snprintf(directory + length, PATH_MAX - (size_t)length, "@%" PRIu64, netns);
}

/*
 * Whether the short name is for this network namespace, by what is there already. Every
 * container has a process 1 of its own, and not everybody may look at it: the short name may
 * be another's.
 */
static bool is_short_name_ours(uint64_t owner)
{
	uint64_t netns = netns_inode(), first = netns_inode_first();

	return (!first || first == netns) && (!owner || owner == netns);
}

void attachment_directory(char directory[PATH_MAX], const char *interface)
{
	struct pin_info owner;

	name_directory(directory, interface, 0);
	info_of(&owner, directory); /* what can't be read can't be put there either */
	if (!is_short_name_ours(owner.netns))
		name_directory(directory, interface, netns_inode());
}

/* What the kernel says of the link in a directory; zero if there is none. 0 or -errno, said. */
static int link_of(struct bpf_link_info *link, const char *directory)
{
	int fd = pin_open_link(directory), err;
	__u32 size = sizeof(*link);

	*link = (struct bpf_link_info){ 0 };
	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	err = bpf_obj_get_info_by_fd(fd, link, &size);
	close(fd);
	if (err)
		*link = (struct bpf_link_info){ 0 };
	return err ? log_fail(err, "ask for the link in %s", directory) : 0;
}

/* The interface's name by that of its directory. */
static void name_interface(struct attachment *attachment, const char *entry)
{
	char suffix[24];
	size_t length = strlen(entry), suffix_length;

	suffix_length = (size_t)snprintf(suffix, sizeof(suffix), "@%" PRIu64, attachment->netns);
	if (length > suffix_length && !strcmp(entry + length - suffix_length, suffix))
		length -= suffix_length;
	snprintf(attachment->interface, sizeof(attachment->interface), "%.*s", (int)length, entry);
	for (char *colon = attachment->interface; (colon = strchr(colon, ':'));)
		*colon = '.';
}

/*
 * A link that can't be asked is a failure: taken for none, its counts would be
 * cleared away as a leftover.
 */
int attachment_read_link(struct hook_place *place, uint32_t *program_id, const char *directory)
{
	struct bpf_link_info link;
	int err = 0;

	*place = (struct hook_place){ 0 };
	/* A swap may come between the two questions, but not again and again. */
	for (int tries = 0; !err && tries < 3 && !place->hook; tries++) {
		err = link_of(&link, directory);
		if (!err)
			err = hook_query(place, &link);
		*program_id = place->ifindex ? link.prog_id : 0;
		if (!place->ifindex)
			break;
	}
	return err;
}

bool attachment_is_live(const char *directory, unsigned int ifindex)
{
	struct bpf_link_info link;

	return !link_of(&link, directory) && hook_ifindex(&link) == ifindex;
}

static int attachment_read(struct attachment *attachment, const char *entry)
{
	struct hook_place place;
	struct pin_info info;
	int err;

	*attachment = (struct attachment){ 0 };
	snprintf(attachment->directory, sizeof(attachment->directory), PIN_ROOT "/%s", entry);
	err = info_of(&info, attachment->directory);
	if (err)
		return pin_explain(err, attachment->directory, PIN_MAPS "/" PIN_INFO);
	attachment->abi_version = info.abi_version;
	attachment->netns = info.netns;
	attachment->since = info.since;
	attachment->info = info.info;
	name_interface(attachment, entry);
	err = attachment_read_link(&place, &attachment->program_id, attachment->directory);
	if (err)
		return err;
	attachment->hook = place.hook;
	attachment->here = place.hook != NULL;
	attachment->ifindex = place.ifindex;
	return attachment->here ? ifindex_name(attachment->interface, attachment->ifindex) : 0;
}

bool attachment_is_foreign(const struct attachment *attachment)
{
	return attachment->abi_version && attachment->abi_version != ABI_VERSION;
}

/* The agent has such a keyword, too. */
int attachment_explain_foreign(const struct attachment *attachment)
{
	const struct instant now = clock_now();
	uint64_t moment = clock_wall_at(&now, attachment->since);
	char since[MOMENT_SIZE] = "a time that is not known";

	if (moment)
		moment_write(since, moment);
	return log_say_of(OUTCOME_FOREIGN, attachment->interface,
			  "another version of portclass is attached, with pins of version %u since"
			  " %s, and this one reads those of version %d only (to count from zero"
			  " with this one: take-over, a keyword of attach and of agent; to end it:"
			  " portclass detach dev %s)",
			  attachment->abi_version, since, ABI_VERSION, attachment->interface);
}

int attachment_explain_stranger(const struct attachment *attachment)
{
	return log_say_of(OUTCOME_BUSY, attachment->interface,
			  "XDP program id %u is behind the bpf_link in %s, but not the one that"
			  " portclass put there (to have portclass count, from zero: portclass"
			  " detach dev %s, then attach again)",
			  attachment->program_id, attachment->directory, attachment->interface);
}

static int is_directory(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int list_root(struct dirent ***entries)
{
	int root = pin_root_open();
	int count;

	if (root == -ENOENT)
		return pin_root_check_mount();
	if (root < 0)
		return root;
	count = scandirat(root, ".", entries, is_directory, alphasort);
	if (count < 0)
		count = log_fail(-errno, "list " PIN_ROOT);
	close(root);
	return count;
}

int attachments_visit(int (*visit)(const struct attachment *attachment, void *context),
		      void *context)
{
	struct attachment attachment;
	struct dirent **entries = NULL;
	int count = list_root(&entries), err = 0;

	if (count < 0)
		return count;
	for (int i = 0; i < count; i++) {
		if (!err) /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): then count is 0 */
			err = attachment_read(&attachment, entries[i]->d_name);
		if (!err)
			err = visit(&attachment, context);
		free(entries[i]);
	}
	free(entries);
	return err;
}

bool attachment_has_own_name(const struct attachment *attachment, const char *interface)
{
	uint64_t netns = netns_inode();
	char bare[PATH_MAX], whole[PATH_MAX];

	if (attachment->netns && attachment->netns != netns)
		return false;
	name_directory(bare, interface, 0);
	name_directory(whole, interface, netns);
	return !strcmp(attachment->directory, bare) || !strcmp(attachment->directory, whole);
}

/*
 * A link that is live here tells more than a name, which the interface may have
 * changed. What is of elsewhere goes by the name of its pins, if no interface has it.
 */
bool attachment_is_of(const struct attachment *attachment, const char *interface,
		      unsigned int ifindex)
{
	const char *entry = attachment->directory + strlen(PIN_ROOT "/");

	if (attachment->here)
		return attachment->ifindex == ifindex;
	return attachment_has_own_name(attachment, interface) ||
	       (!ifindex && !strcmp(entry, interface));
}

struct wanted {
	struct attachment *attachment;
	const char *interface;
	unsigned int ifindex; /* 0: there is no such interface */
};

static int match(const struct attachment *attachment, void *context)
{
	struct wanted *wanted = context;

	if (!attachment_is_of(attachment, wanted->interface, wanted->ifindex))
		return 0;
	*wanted->attachment = *attachment;
	return 1;
}

int attachment_find(struct attachment *attachment, const char *interface)
{
	struct wanted wanted = { attachment, interface, 0 };
	char directory[PATH_MAX];
	int found = ifindex_of(interface);

	if (found < 0)
		return found;
	wanted.ifindex = (unsigned int)found;
	/* Where it should be, first: each look at pins asks for all interfaces. */
	name_directory(directory, interface, 0);
	found = attachment_read(attachment, directory + strlen(PIN_ROOT "/"));
	if (!found && !is_short_name_ours(attachment->netns)) {
		name_directory(directory, interface, netns_inode());
		found = attachment_read(attachment, directory + strlen(PIN_ROOT "/"));
	}
	if (found)
		return found;
	if (attachment->here && attachment->ifindex == wanted.ifindex)
		return 0;
	*attachment = (struct attachment){ 0 };
	found = attachments_visit(match, &wanted);
	return found < 0 ? found : found ? 0 : OUTCOME_NOT_ATTACHED;
}
