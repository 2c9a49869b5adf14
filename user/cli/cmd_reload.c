// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * portclass reload: put another table in the place of the one that is attached.
 */
#include <stddef.h>

#include "cli/command.h"
#include "kernel/datapath.h"
#include "kernel/ifindex.h"
#include "model/table.h"

struct reload {
	const char *interface;
	enum count_by count_by;
	struct table_arguments table;
};

static const char *choose_count_by(unsigned int index)
{
	return count_by_name(index);
}

static const struct argument arguments[] = {
	{ ARGUMENT_WORD, "dev", "IFACE", "the interface, attached by portclass",
	  .offset = offsetof(struct reload, interface), .required = true },
	TABLE_ARGUMENTS(struct reload, table),
	{ ARGUMENT_CHOICE, "count-by", "RULE", "which port of a packet names its service",
	  .offset = offsetof(struct reload, count_by), .choice = choose_count_by,
	  .choices = COUNT_BY_MAX },
	{ .kind = ARGUMENT_END },
};

static int run(const struct options *options, int argc, char **argv)
{
	struct reload reload = { .table = TABLE_ARGUMENTS_DEFAULT };
	struct attach_options attach_options = { 0 };
	struct attachment attachment;
	char interface[IF_NAMESIZE];
	struct table table = { 0 };
	int err;

	(void)options;
	err = arguments_parse(cmd_reload.name, arguments, argc, argv, &reload);
	if (!err)
		err = table_open(&table, &reload.table);
	if (err)
		return err;
	attach_options.interface = ifindex_real_name(interface, reload.interface);
	attach_options.table = table.ports;
	attach_options.info = port_table_info(table.ports, &table.input, reload.count_by);
	err = datapath_swap(&attach_options, &attachment);
	table_close(&table);
	return err;
}

const struct command cmd_reload = {
	.name = "reload",
	.help = "read the registry and overlays again; no count is lost",
	.arguments = arguments,
	.run = run,
};
