// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * portclass attach: compile what was asked for and put it into the kernel.
 */
#include <stddef.h>

#include "cli/command.h"
#include "kernel/datapath.h"
#include "kernel/ifindex.h"
#include "model/table.h"

struct attach {
	const char *interface;
	unsigned int hook; /* number of the hook */
	enum count_by count_by;
	bool take_over;
	struct table_arguments table;
};

static const char *choose_count_by(unsigned int index)
{
	return count_by_name(index);
}

static const struct argument arguments[] = {
	{ ARGUMENT_WORD, "dev", "IFACE", "the interface, of this network namespace",
	  .offset = offsetof(struct attach, interface), .required = true },
	HOOK_ARGUMENTS(struct attach, hook),
	TABLE_ARGUMENTS(struct attach, table),
	{ ARGUMENT_CHOICE, "count-by", "RULE", "which port of a packet names its service",
	  .offset = offsetof(struct attach, count_by), .choice = choose_count_by,
	  .choices = COUNT_BY_MAX },
	{ ARGUMENT_FLAG, "take-over", NULL, "what another version has attached, from zero",
	  .offset = offsetof(struct attach, take_over) },
	{ .kind = ARGUMENT_END },
};

static int run(const struct options *options, int argc, char **argv)
{
	struct attach attach = { .table = TABLE_ARGUMENTS_DEFAULT };
	struct attach_options attach_options = { 0 };
	struct attachment attachment;
	char interface[IF_NAMESIZE];
	struct table table = { 0 };
	int err;

	(void)options;
	err = arguments_parse(cmd_attach.name, arguments, argc, argv, &attach);
	if (err)
		return err;
	attach_options.interface = ifindex_real_name(interface, attach.interface);
	attach_options.hook = hooks[attach.hook];
	attach_options.take_over = attach.take_over;
	if (!table_is_shipped(&attach.table)) {
		err = table_open(&table, &attach.table);
		if (err)
			return err;
		attach_options.table = table.ports;
		attach_options.info = port_table_info(table.ports, &table.input, attach.count_by);
	}
	attach_options.info.count_by = attach.count_by;
	err = datapath_attach(&attach_options, &attachment);
	table_close(&table);
	return err;
}

const struct command cmd_attach = {
	.name = "attach",
	.help = "classify and count what enters an interface",
	.arguments = arguments,
	.run = run,
};
