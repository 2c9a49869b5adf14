// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * portclass show: what was counted, of one interface or of all that are attached.
 */
#include <errno.h>

#include "cli/command.h"
#include "print/format.h"
#include "base/json.h"
#include "base/log.h"
#include "kernel/pins.h"
#include "kernel/snapshot_read.h"
#include "print/terminal.h"

struct show {
	const char *interface;
	const char *directory;
	struct format_options format;
	const struct options *options;
	struct json_object *documents; /* NULL: text */
	size_t shown;
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

static int append_json(struct show *show, const struct snapshot *snapshot)
{
	struct json_object *document = format_json(snapshot, &show->format);

	if (!document)
		return -ENOMEM;
	json_append(show->documents, document);
	return 0;
}

static int append_text(struct show *show, const struct snapshot *snapshot)
{
	if (show->shown)
		putchar('\n');
	return format_text(stdout, snapshot, &show->format);
}

static int show_pins(struct show *show, const struct pins *pins)
{
	struct snapshot snapshot;
	int err = snapshot_read(&snapshot, pins);

	if (err)
		return err;
	err = show->documents ? append_json(show, &snapshot) : append_text(show, &snapshot);
	show->shown++;
	snapshot_close(&snapshot);
	return err;
}

static int show_attachment(const struct attachment *attachment, void *context)
{
	struct pins pins = { 0 };
	int err;

	if (!attachment->here)
		return 0; /* of another namespace, or gone: its pins can be named */
	err = pins_open_directory(&pins, attachment->directory);
	if (err)
		return err;
	err = show_pins(context, &pins);
	pins_close(&pins);
	return err;
}

static int show_all(struct show *show)
{
	int err = attachments_visit(show_attachment, show);

	if (err || show->shown)
		return err;
	return log_say(OUTCOME_NOT_ATTACHED, "no interface of this network namespace is attached "
					     "(try: portclass attach dev IFACE)");
}

static int show_one(struct show *show)
{
	struct pins pins = { 0 };
	int err = show->directory ? pins_open_directory(&pins, show->directory)
				  : pins_open(&pins, show->interface);

	if (err)
		return err;
	err = show_pins(show, &pins);
	pins_close(&pins);
	return err;
}

/* One object for what was named; an array for all there is. */
static void write_documents(const struct show *show)
{
	bool one = show->interface || show->directory;
	struct json_object *document =
		one ? json_object_array_get_idx(show->documents, 0) : show->documents;

	json_write(stdout, json_object_get(document), show->options->pretty);
}

static int run(const struct options *options, int argc, char **argv)
{
	struct show show = { .options = options };
	int err = arguments_parse(cmd_show.name, arguments, argc, argv, &show);

	if (err)
		return err;
	show.format.exact = options->exact;
	show.format.colour = terminal_has_colour();
	show.format.unicode = terminal_has_unicode();
	show.documents = options->json ? json_new_array() : NULL;
	if (options->json && !show.documents)
		return -ENOMEM;
	err = show.interface || show.directory ? show_one(&show) : show_all(&show);
	if (!err && show.documents)
		write_documents(&show);
	json_object_put(show.documents);
	return err;
}

const struct command cmd_show = {
	.name = "show",
	.help = "what was counted: services, classes, reasons, the total",
	.arguments = arguments,
	.run = run,
};
