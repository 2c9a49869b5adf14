// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Write the frames that the tests know into a directory, a file each.
 *
 * usage: frame_seeds DIRECTORY
 */
#include <stdio.h>
#include <stdlib.h>

#include "frames.h"

static void write_frame(const char *directory, size_t number, const struct frame_case *frame)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/case-%zu", directory, number);
	file = fopen(path, "w");
	if (!file || fwrite(frame->bytes, 1, frame->size, file) != frame->size || fclose(file)) {
		perror(path);
		exit(1);
	}
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: frame_seeds DIRECTORY\n");
		return 1;
	}
	for (size_t i = 0; i < frame_cases_count; i++)
		write_frame(argv[1], i, &frame_cases[i]);
	return 0;
}
