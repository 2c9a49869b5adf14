// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Print the named types of a BTF file, and what they need, as a C header.
 *
 * usage: btf_header BTF TYPE...
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <bpf/btf.h>

static void print(void *to, const char *format, va_list arguments)
{
	vfprintf(to, format, arguments);
}

static int find_type(const struct btf *btf, const char *name)
{
	for (__u32 id = 1; id < btf__type_cnt(btf); id++) {
		const struct btf_type *type = btf__type_by_id(btf, id);
		int kind = btf_kind(type);

		if (kind != BTF_KIND_FUNC && kind != BTF_KIND_VAR && kind != BTF_KIND_FWD &&
		    !strcmp(btf__name_by_offset(btf, type->name_off), name))
			return (int)id;
	}
	fprintf(stderr, "btf_header: no type %s in this BTF\n", name);
	return -ENOENT;
}

static int print_types(struct btf_dump *dump, const struct btf *btf, char **names)
{
	int err = 0;

	for (; *names && !err; names++) {
		int id = find_type(btf, *names);

		err = id < 0 ? id : btf_dump__dump_type(dump, (__u32)id);
	}
	return err;
}

int main(int argc, char **argv)
{
	struct btf_dump *dump;
	struct btf *btf;
	int err;

	if (argc < 3) {
		fputs("usage: btf_header BTF TYPE...\n", stderr);
		return 1;
	}
	btf = btf__parse(argv[1], NULL);
	dump = btf ? btf_dump__new(btf, print, stdout, NULL) : NULL;
	if (!dump) {
		fprintf(stderr, "btf_header: read %s: %s\n", argv[1], strerror(errno));
		return 2;
	}
	puts("/* Generated from kernel BTF by `make vmlinux`: change the list in the Makefile. */\n"
	     "#ifndef __VMLINUX_H__\n#define __VMLINUX_H__\n");
	err = print_types(dump, btf, argv + 2);
	puts("#endif");
	btf_dump__free(dump);
	btf__free(btf);
	return err ? 2 : 0;
}
