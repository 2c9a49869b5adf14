// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The directory of all pins: found or mounted, checked, opened, emptied. The lock on it is
 * pin_lock.c's.
 */
#include "kernel/pin_root.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "kernel/capability.h"
#include "base/log.h"

static bool is_mounted(void)
{
	struct statfs status;

	return !statfs(BPF_ROOT, &status) && status.f_type == BPF_FS_MAGIC;
}

int pin_root_check_mount(void)
{
	if (is_mounted())
		return 0;
	return log_say(OUTCOME_REFUSED,
		       "no BPF file system at " BPF_ROOT
		       " (try: mount -t bpf -o mode=0700 bpf " BPF_ROOT
		       "; for a network namespace, nsenter --net=FILE keeps it visible"
		       " where ip netns exec hides it)");
}

/*
 * Whether what is mounted here outlives this process: process 1 sees it, and that is not
 * this one. Who may not know that of process 1 may not mount either.
 */
static bool is_lasting(void)
{
	struct stat first, own;

	return getpid() != 1 && !stat("/proc/1/ns/mnt", &first) &&
	       !stat("/proc/self/ns/mnt", &own) && first.st_ino == own.st_ino &&
	       first.st_dev == own.st_dev;
}

void pin_root_mount(void)
{
	if (is_mounted() || !is_lasting())
		return;
	if (mount("bpf", BPF_ROOT, "bpf", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0700"))
		log_debug("mount a BPF file system at " BPF_ROOT ": %s", strerror(errno));
	else
		log_info("no BPF file system was at " BPF_ROOT ": mounted one, for root alone");
}

/*
 * Others may write where the BPF file system is mounted, if whoever mounted it let them: take
 * nothing of theirs, and nothing that they could change.
 */
static int check_root(int fd)
{
	struct statfs system;
	struct stat status;

	if (fstatfs(fd, &system) || fstat(fd, &status))
		return log_fail(-errno, "look at " PIN_ROOT);
	if (!is_mounted())
		return pin_root_check_mount();
	if (system.f_type != BPF_FS_MAGIC)
		return log_say(OUTCOME_FOREIGN, "another file system is mounted at " PIN_ROOT
						" (try: umount " PIN_ROOT ")");
	if (status.st_uid)
		return log_say(OUTCOME_FOREIGN,
			       PIN_ROOT " is another user's, of uid %u, who could change what is"
					" pinned there (to remove it: rm -r " PIN_ROOT ")",
			       status.st_uid);
	if (status.st_mode & (S_IWGRP | S_IWOTH))
		return log_say(OUTCOME_FOREIGN,
			       PIN_ROOT " can be written to by others than root, its mode is %04o"
					" (try: rm -r " PIN_ROOT ", or if all in it is yours: chmod"
					" 0700 " PIN_ROOT ")",
			       status.st_mode & 07777);
	return 0;
}

/* By errno. A link is not followed: by that it is no directory either. */
static int refuse_open(void)
{
	if (errno == ENOENT)
		return -ENOENT;
	if (errno != ENOTDIR && errno != ELOOP)
		return capability_explain(-errno, "open " PIN_ROOT);
	return log_say(OUTCOME_FOREIGN, PIN_ROOT " is no directory, and not of portclass's making"
						 " (to remove it: rm " PIN_ROOT ")");
}

int pin_root_open(void)
{
	int fd = open(PIN_ROOT, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int err;

	if (fd < 0)
		return refuse_open();
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
