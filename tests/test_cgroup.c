// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Control groups as both versions show them, in a tree of files made here.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/cgroup.h"

static char root[] = "/tmp/portclass-cgroup-XXXXXX";

static void make_directories(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		assert_true(!mkdir(path, 0700) || errno == EEXIST);
		*slash = '/';
	}
}

static void put(const char *name, const char *text)
{
	char path[PATH_MAX];
	FILE *to;

	snprintf(path, sizeof(path), "%s%s", root, name);
	make_directories(path);
	to = fopen(path, "w");
	assert_non_null(to);
	fputs(text, to);
	fclose(to);
}

static int start(void **state)
{
	(void)state;
	strcpy(root + strlen(root) - 6, "XXXXXX");
	return mkdtemp(root) ? 0 : -1;
}

static int stop(void **state)
{
	char command[PATH_MAX];

	(void)state;
	snprintf(command, sizeof(command), "rm -r '%s'", root);
	return system(command); /* NOLINT(cert-env33-c): a path that was made here */
}

static void check(uint64_t limit, uint64_t left, const char *path)
{
	struct cgroup_memory memory;

	assert_true(cgroup_memory_read(&memory, root));
	assert_int_equal(memory.limit, limit);
	assert_int_equal(memory.left, left);
	assert_string_equal(memory.path + strlen(root), path);
}

static void check_none(void)
{
	struct cgroup_memory memory;

	assert_false(cgroup_memory_read(&memory, root));
}

#define V2 "/sys/fs/cgroup"
#define V1 "/sys/fs/cgroup/memory"

static void no_files_are_no_limit(void **state)
{
	(void)state;
	check_none();
	put("/proc/self/cgroup", "0::/a\n");
	check_none();
	put("/proc/self/cgroup", "nonsense\n\n:\n::\n");
	check_none();
}

static void max_is_no_limit(void **state)
{
	(void)state;
	put("/proc/self/cgroup", "0::/a\n");
	put(V2 "/a/memory.max", "max\n");
	put(V2 "/a/memory.current", "100\n");
	check_none();
}

static void what_can_be_dropped_is_left(void **state)
{
	(void)state;
	put("/proc/self/cgroup", "0::/a\n");
	put(V2 "/a/memory.max", "1000\n");
	put(V2 "/a/memory.current", "700\n");
	check(1000, 300, V2 "/a/memory.max");
	put(V2 "/a/memory.stat", "anon 5\ninactive_file 200\nactive_file 90\n");
	check(1000, 500, V2 "/a/memory.max");
	put(V2 "/a/memory.current", "1300\n");
	check(1000, 0, V2 "/a/memory.max");
}

static void the_group_that_leaves_least_counts(void **state)
{
	(void)state;
	put("/proc/self/cgroup", "0::/a/b/c\n");
	put(V2 "/a/memory.max", "1000\n");
	put(V2 "/a/memory.current", "900\n");
	put(V2 "/a/b/memory.max", "max\n");
	put(V2 "/a/b/memory.current", "400\n");
	put(V2 "/a/b/c/memory.max", "500\n");
	put(V2 "/a/b/c/memory.current", "300\n");
	check(1000, 100, V2 "/a/memory.max");
}

/* The path is the host's, and only the container's own group can be seen. */
static void a_container_sees_its_group_at_the_mount(void **state)
{
	(void)state;
	put("/proc/self/cgroup", "0::/kubepods/pod1/x\n");
	put(V2 "/memory.max", "1000\n");
	put(V2 "/memory.current", "1\n");
	check(1000, 999, V2 "/memory.max");
	put("/proc/self/cgroup", "0::/\n");
	check(1000, 999, V2 "/memory.max");
}

static void version_1_says_it_in_other_files(void **state)
{
	(void)state;
	put("/proc/self/cgroup", "12:cpu,cpuacct:/z\n4:pids,memory:/a/b\n0::/\n");
	put(V1 "/a/b/memory.limit_in_bytes", "9223372036854771712\n");
	put(V1 "/a/b/memory.usage_in_bytes", "300\n");
	put(V1 "/a/memory.limit_in_bytes", "1000\n");
	put(V1 "/a/memory.usage_in_bytes", "800\n");
	put(V1 "/a/memory.stat", "inactive_file 1\ntotal_inactive_file 50\n");
	check(1000, 250, V1 "/a/memory.limit_in_bytes");
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_files_are_no_limit),
		TEST(max_is_no_limit),
		TEST(what_can_be_dropped_is_left),
		TEST(the_group_that_leaves_least_counts),
		TEST(a_container_sees_its_group_at_the_mount),
		TEST(version_1_says_it_in_other_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
