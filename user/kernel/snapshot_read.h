/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * From the maps to a snapshot.
 */
#ifndef PORTCLASS_SNAPSHOT_READ_H
#define PORTCLASS_SNAPSHOT_READ_H

#include "kernel/pins.h"
#include "model/snapshot.h"

/*
 * Read the maps of @pins once; the assignments stay where they are, read only.
 * Returns 0 or -errno, said; then @snapshot is closed. Takes CAP_BPF, or nothing where
 * unprivileged reading is on.
 */
int snapshot_read(struct snapshot *snapshot, const struct pins *pins);

#endif
