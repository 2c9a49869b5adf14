// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The lock is on the directory itself, so that it ends with its holder.
 */
#include "kernel/pin_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/capability.h"
#include "base/log.h"
#include "kernel/pin_root.h"

static bool never_waits;

void pin_lock_never_wait(void)
{
	never_waits = true;
}

static int lock_root(int fd)
{
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return 0;
	if (errno == EWOULDBLOCK && never_waits)
		return log_say(-EAGAIN, "another portclass has the lock of " PIN_ROOT
					" (which: fuser -v " PIN_ROOT ")");
	if (errno == EWOULDBLOCK) {
		log_debug("waiting for another portclass to be done with " PIN_ROOT);
		if (!flock(fd, LOCK_EX))
			return 0;
	}
	return log_fail(-errno, "lock " PIN_ROOT);
}

/* Open and lock the directory that is there now; -ENOENT, not said: it went away. */
static int lock_it(void)
{
	int fd = pin_root_open(), err;

	if (fd < 0)
		return fd;
	/* One that can't be written, as in a read-only mount, is no use to anybody. */
	if (access(PIN_ROOT, W_OK))
		err = errno == ENOENT ? -ENOENT : capability_explain(-errno, "write to " PIN_ROOT);
	else
		err = lock_root(fd);
	if (!err)
		return fd;
	close(fd);
	return err;
}

/* By errno. Not as -ENOENT: to the caller that means to try again. */
static int refuse_root(void)
{
	int err = capability_explain(-errno, "make the directory " PIN_ROOT);

	return err == -ENOENT ? OUTCOME_REFUSED : err;
}

static int open_root(void)
{
	bool made = !mkdir(PIN_ROOT, 0700);
	int fd;

	if (!made && errno != EEXIST)
		return refuse_root();
	fd = lock_it();
	if (fd < 0 && made)
		rmdir(PIN_ROOT);
	return fd;
}

/* Whether the directory that was locked is still the one with that name. 0, 1 or -errno, said. */
static int is_current(int fd)
{
	struct stat locked, named;

	if (fstat(fd, &locked))
		return log_fail(-errno, "look at the locked " PIN_ROOT);
	if (stat(PIN_ROOT, &named))
		return errno == ENOENT ? 0 : log_fail(-errno, "look at " PIN_ROOT);
	return locked.st_ino == named.st_ino;
}

int pin_lock_take(void)
{
	int fd = pin_root_check_mount(), current = 0;

	if (fd)
		return fd;
	/* The last one to leave removes the directory, maybe while this one waits. */
	while (!current) {
		fd = open_root();
		if (fd == -ENOENT)
			continue;
		if (fd < 0)
			return fd;
		current = is_current(fd);
		if (current < 0) {
			pin_lock_release(fd);
			return current;
		}
		if (!current)
			close(fd);
	}
	return fd;
}

void pin_lock_release(int lock)
{
	rmdir(PIN_ROOT);
	close(lock);
}
