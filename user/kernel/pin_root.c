// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The directory of all pins: found, checked, opened, emptied. The lock on it is
 * pin_lock.c's.
 */
#include "kernel/pin_root.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "kernel/capability.h"
#include "base/log.h"

int pin_root_check_mount(void)
{
	struct statfs status;

	if (!statfs(BPF_ROOT, &status) && status.f_type == BPF_FS_MAGIC)
		return 0;
	return log_say(OUTCOME_REFUSED,
		       "no BPF file system at " BPF_ROOT " (try: mount -t bpf bpf " BPF_ROOT
		       "; for a network namespace, nsenter --net=FILE keeps it visible"
		       " where ip netns exec hides it)");
}

/* Others may write where the BPF file system is mounted: take nothing of theirs. */
static int check_root(int fd)
{
	struct statfs system;
	struct stat status;

	if (fstatfs(fd, &system) || fstat(fd, &status))
		return log_fail(-errno, "look at " PIN_ROOT);
	if (system.f_type == BPF_FS_MAGIC && (!status.st_uid || status.st_uid == geteuid()))
		return 0;
	return log_say(OUTCOME_FOREIGN,
		       PIN_ROOT " is not of the BPF file system, or of another user's making");
}

int pin_root_open(void)
{
	int fd = open(PIN_ROOT, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int err;

	if (fd < 0)
		return errno == ENOENT ? -ENOENT : capability_explain(-errno, "open " PIN_ROOT);
	err = check_root(fd);
	if (!err)
		return fd;
	close(fd);
	return err;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path) && errno != ENOENT ? -errno : 0;
}

int pin_root_remove(const char *directory)
{
	int err = nftw(directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	char what[PATH_MAX + sizeof("remove ")];

	if (err == -1)
		err = errno == ENOENT ? 0 : -errno;
	snprintf(what, sizeof(what), "remove %s", directory);
	return err ? capability_explain(err, what) : 0;
}
