// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * portclass show: what was counted, of one interface or of all that are attached.
 */
#include <errno.h>

#include "cli/command.h"
#include "base/log.h"
#include "kernel/ifindex.h"
#include "kernel/pins.h"
#include "kernel/snapshot_read.h"
#include "print/output.h"
#include "print/terminal.h"

struct show {
	const char *interface;
	const char *directory;
	struct format_options format;
	struct report report;
};

static const char *choose_by(unsigned int index)
{
	return ranking_by_name(index);
}

static const struct argument arguments[] = {
	{ ARGUMENT_WORD, "dev", "IFACE", "the interface; without: all that are attached",
	  .offset = offsetof(struct show, interface) },
	{ ARGUMENT_WORD, "pin", "DIR", "the pins that bpftool made there",
	  .offset = offsetof(struct show, directory), .alternative = true },
	{ ARGUMENT_FLAG, "all", NULL, "what counted nothing too",
	  .offset = offsetof(struct show, format.ranking.all) },
	{ ARGUMENT_CHOICE, "by", "ORDER", "the order, and what the shares are of",
	  .offset = offsetof(struct show, format.ranking.by), .choice = choose_by,
	  .choices = RANKING_BY_MAX },
	{ ARGUMENT_NUMBER, "limit", "N", "the first N services; a line sums up the others",
	  .offset = offsetof(struct show, format.ranking.limit), .minimum = 1,
	  .maximum = SLOTS_MAX },
	{ .kind = ARGUMENT_END },
};

static int add_pins(struct show *show, const struct pins *pins)
{
	struct report_interface *interface = report_append(&show->report, pins->interface);

	if (!interface)
		return -ENOMEM;
	interface->attached = true;
	return snapshot_read(&interface->snapshot, pins);
}

static int add_attachment(const struct attachment *attachment, void *context)
{
	struct pins pins = { 0 };
	int err;

	if (!attachment->here)
		return 0; /* of another namespace, or gone: its pins can be named */
	err = pins_open_attachment(&pins, attachment);
	if (err)
		return err;
	err = add_pins(context, &pins);
	pins_close(&pins);
	return err;
}

static int add_all(struct show *show)
{
	int err = attachments_visit(add_attachment, show);

	show->report.all = true;
	if (err || show->report.count)
		return err;
	return log_say(OUTCOME_NOT_ATTACHED, "no interface of this network namespace is attached "
					     "(try: portclass attach dev IFACE)");
}

static int add_one(struct show *show)
{
	char name[IF_NAMESIZE];
	struct pins pins = { 0 };
	int err = show->directory ? pins_open_directory(&pins, show->directory)
				  : pins_open(&pins, ifindex_real_name(name, show->interface));

	if (err)
		return err;
	err = add_pins(show, &pins);
	pins_close(&pins);
	return err;
}

static int run(const struct options *options, int argc, char **argv)
{
	const struct output *output = options->json ? &output_json : &output_text;
	struct show show = { 0 };
	int err = arguments_parse(cmd_show.name, arguments, argc, argv, &show);

	if (err)
		return err;
	show.format.pretty = options->pretty;
	show.format.exact = options->exact;
	show.format.colour = terminal_has_colour();
	show.format.unicode = terminal_has_unicode();
	err = show.interface || show.directory ? add_one(&show) : add_all(&show);
	if (!err)
		err = output->write(stdout, &show.report, &show.format);
	report_close(&show.report);
	return err;
}

const struct command cmd_show = {
	.name = "show",
	.help = "what was counted: services, classes, reasons, the total",
	.arguments = arguments,
	.run = run,
};
