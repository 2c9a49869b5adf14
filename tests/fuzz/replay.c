// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Run a target, where there is no libFuzzer, on what its corpus holds and on all
 * that it once failed for. An input that ends the process is the one named last.
 *
 * usage: replay_NAME [FILE...]
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#define PREFIX "replay_"

static const char *const kinds[] = { "corpus", "crashes" };

__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	return 0;
}

/* Nothing is mutated here. */
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size, size_t capacity)
{
	(void)bytes, (void)capacity;
	return size;
}

static void replay(const char *path)
{
	FILE *file = fopen(path, "r");
	uint8_t *bytes;
	long size;

	fprintf(stderr, "# %s\n", path);
	fuzz_check(file && !fseek(file, 0, SEEK_END));
	size = ftell(file);
	rewind(file);
	bytes = malloc((size_t)size);
	fuzz_check(bytes && fread(bytes, 1, (size_t)size, file) == (size_t)size);
	LLVMFuzzerTestOneInput(bytes, (size_t)size);
	free(bytes);
	fclose(file);
}

/* How many inputs there are. A target may have no such directory. */
static int replay_directory(const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, alphasort), inputs = 0;

	fuzz_check(count >= 0 || errno == ENOENT);
	for (int i = 0; i < count; i++) {
		char *file;

		fuzz_check(asprintf(&file, "%s/%s", path, entries[i]->d_name) > 0);
		if (entries[i]->d_name[0] != '.') {
			replay(file);
			inputs++;
		}
		free(file);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return inputs;
}

/* The part of the program's name behind "replay_". */
static const char *target_of(const char *program)
{
	const char *name = strstr(program, PREFIX);

	fuzz_check(name);
	return name + strlen(PREFIX);
}

static void replay_target(const char *target)
{
	int inputs = 0;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		char path[PATH_MAX];

		snprintf(path, sizeof(path), "tests/fuzz/%s/%s", kinds[i], target);
		inputs += replay_directory(path);
	}
	fuzz_check(inputs);
	printf("ok 1 - replay %s, inputs: %d\n", target, inputs);
}

int main(int argc, char **argv)
{
	printf("1..1\n");
	fflush(stdout);
	if (LLVMFuzzerInitialize(&argc, &argv)) {
		printf("ok 1 - replay # SKIP it can't run here (as root, it may)\n");
		return 0;
	}
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	if (argc == 1)
		replay_target(target_of(argv[0]));
	return 0;
}
