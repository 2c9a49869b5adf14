/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The real registry files, which lie beside the project and are not part of it.
 */
#ifndef PORTCLASS_SHARED_FILE_H
#define PORTCLASS_SHARED_FILE_H

#include <stddef.h>

/*
 * Write the path of a file of ../shared (or of $PORTCLASS_SHARED) to @path, and
 * return it; NULL if it can't be read: said, and the caller should skip().
 */
const char *shared_file(char *path, size_t size, const char *name);

#endif
