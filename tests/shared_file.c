// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The real registry files, which lie beside the project and are not part of it.
 */
#include "shared_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char *shared_file(char *path, size_t size, const char *name)
{
	const char *directory = getenv("PORTCLASS_SHARED");

	snprintf(path, size, "%s/%s", directory ? directory : "../shared", name);
	if (!access(path, R_OK))
		return path;
	fprintf(stderr, "SKIPPED: %s is not there (PORTCLASS_SHARED says where else)\n", path);
	return NULL;
}
