// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The lock is on the directory itself, so that it ends with its holder.
 */
#include "pin_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capability.h"
#include "log.h"
#include "pins.h"

static int lock_root(int fd)
{
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return 0;
	if (errno == EWOULDBLOCK) {
		log_debug("waiting for another portclass to be done with " PIN_ROOT);
		if (!flock(fd, LOCK_EX))
			return 0;
	}
	return log_fail(-errno, "lock " PIN_ROOT);
}

/* A directory that can't be written, as in a read-only mount, is no use to anybody. */
static int open_root(void)
{
	int fd, err;

	if (mkdir(PIN_ROOT, 0700) && errno != EEXIST)
		return capability_explain(-errno, "make the directory " PIN_ROOT);
	if (access(PIN_ROOT, W_OK))
		return capability_explain(-errno, "write to " PIN_ROOT);
	fd = pins_open_root();
	if (fd < 0)
		return fd;
	err = lock_root(fd);
	if (!err)
		return fd;
	close(fd);
	return err;
}

/* Whether the directory that was locked is still the one with that name. */
static bool is_current(int fd)
{
	struct stat locked, named;

	return !fstat(fd, &locked) && !stat(PIN_ROOT, &named) && locked.st_ino == named.st_ino;
}

int pin_lock_take(void)
{
	int fd = pins_check_mount();

	if (fd)
		return fd;
	/* The last one to leave removes the directory, maybe while this one waits. */
	while ((fd = open_root()) == -ENOENT || (fd >= 0 && !is_current(fd)))
		if (fd >= 0)
			close(fd);
	return fd;
}

void pin_lock_release(int lock)
{
	rmdir(PIN_ROOT);
	close(lock);
}
