// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * inotify(7) on the directories, because a watched file is gone once it is
 * replaced. An event only says when to look: what stat(2) says is compared.
 */
#include "agent/watcher.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

#define EVENTS \
	(IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB | \
	 IN_DELETE_SELF | IN_MOVE_SELF)

/* What tells one state of a file from another; all zero: it can't be looked at. */
struct state {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec written, changed;
};

struct watcher {
	int fd;
	const char *const *paths;
	size_t count;
	struct state states[];
};

/* The part of @path before its last slash, in @directory. */
static const char *directory_of(char directory[PATH_MAX], const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t length = slash ? (size_t)(slash - path) : 0;

	if (!slash)
		return ".";
	if (length == 0)
		return "/";
	if (length >= PATH_MAX)
		return path;
	memcpy(directory, path, length);
	directory[length] = '\0';
	return directory;
}

static void watch_directory(const struct watcher *watcher, const char *path)
{
	char directory[PATH_MAX];
	const char *name = directory_of(directory, path);

	if (inotify_add_watch(watcher->fd, name, EVENTS | IN_ONLYDIR) < 0)
		log_event(LOG_WARNING, NULL,
			  "watch the directory %s: %s (changes there take a SIGHUP)", name,
			  strerror(errno));
}

/*
 * Where the name stands and, behind symbolic links, where the file does. Watching
 * a directory again changes nothing; one that was replaced is watched from now on.
 */
static void watch(const struct watcher *watcher)
{
	char target[PATH_MAX];

	for (size_t i = 0; i < watcher->count; i++) {
		watch_directory(watcher, watcher->paths[i]);
		if (realpath(watcher->paths[i], target))
			watch_directory(watcher, target);
	}
}

static struct state state_of(const char *path)
{
	struct stat status;

	if (stat(path, &status))
		return (struct state){ 0 };
	return (struct state){ status.st_dev, status.st_ino, status.st_size, status.st_mtim,
			       status.st_ctim };
}

static bool is_same(const struct state *a, const struct state *b)
{
	return a->device == b->device && a->inode == b->inode && a->size == b->size &&
	       a->written.tv_sec == b->written.tv_sec && a->written.tv_nsec == b->written.tv_nsec &&
	       a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec;
}

/* Watching is a convenience: without it a SIGHUP does. */
static void say_unwatched(int error)
{
	log_event(LOG_WARNING, NULL,
		  "watch files for changes: %s%s: they are not watched, changes take a SIGHUP",
		  strerror(error),
		  error == EMFILE ? " (see the sysctl fs.inotify.max_user_instances)" : "");
}

int watcher_open(struct watcher **watcher, const char *const *paths, size_t count)
{
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	struct watcher *made;

	*watcher = NULL;
	if (fd < 0) {
		say_unwatched(errno);
		return 0;
	}
	made = calloc(1, sizeof(*made) + count * sizeof(*made->states));
	if (!made) {
		close(fd);
		return log_fail(-ENOMEM, "watch files for changes");
	}
	made->fd = fd;
	made->paths = paths;
	made->count = count;
	watcher_changed(made);
	*watcher = made;
	return 0;
}

void watcher_close(struct watcher *watcher)
{
	if (watcher)
		close(watcher->fd);
	free(watcher);
}

int watcher_descriptor(const struct watcher *watcher)
{
	return watcher->fd;
}

void watcher_drain(struct watcher *watcher)
{
	char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));

	while (read(watcher->fd, events, sizeof(events)) > 0)
		;
}

bool watcher_changed(struct watcher *watcher)
{
	bool changed = false;

	watch(watcher);
	for (size_t i = 0; i < watcher->count; i++) {
		struct state now = state_of(watcher->paths[i]);

		changed |= !is_same(&watcher->states[i], &now);
		watcher->states[i] = now;
	}
	return changed;
}
