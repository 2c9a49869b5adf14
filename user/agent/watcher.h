/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Tells that files have changed: written, replaced by an editor's rename, or moved
 * under a symbolic link, as Kubernetes does with a ConfigMap (..data).
 */
#ifndef PORTCLASS_WATCHER_H
#define PORTCLASS_WATCHER_H

#include <stdbool.h>
#include <stddef.h>

struct watcher;

/*
 * Watch @paths, which stay the caller's. Returns 0 or -errno, said; @watcher is NULL then,
 * and where the kernel has no room for one more, which is said and done without. The descriptor
 * gets readable when something happened in a directory of theirs.
 */
int watcher_open(struct watcher **watcher, const char *const *paths, size_t count);
void watcher_close(struct watcher *watcher);
int watcher_descriptor(const struct watcher *watcher);

/* Take what is there to read: let things settle for a moment, then ask watcher_changed(). */
void watcher_drain(struct watcher *watcher);

/* Whether a file is another, or has other contents, than when this was asked last. */
bool watcher_changed(struct watcher *watcher);

#endif
