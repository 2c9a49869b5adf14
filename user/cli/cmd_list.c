// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * portclass list: what is attached, where and since when, leftovers included.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "base/json.h"
#include "base/log.h"
#include "base/moment.h"
#include "kernel/pin_root.h"
#include "kernel/pins.h"
#include "text.h"

static const struct argument arguments[] = {
	{ .kind = ARGUMENT_END },
};

/* Live, or what is left of an interface or of an attach that was cut short. */
static const char *state_name(const struct attachment *attachment)
{
	return attachment->ifindex ? "attached" : "gone";
}

/* What detach takes as well, and the only name of pins that are not of here. */
static const char *pins_name(const struct attachment *attachment)
{
	return attachment->directory + strlen(PIN_ROOT "/");
}

static int print_row(const struct attachment *attachment, void *context)
{
	char since[MOMENT_SIZE] = "unknown";
	bool *headed = context;
	char *line;

	if (!*headed)
		printf("%-15s %-8s %-7s %7s %-23s %s\n", "INTERFACE", "STATE", "MODE", "PROGRAM",
		       "SINCE", "PINS");
	*headed = true;
	if (attachment->since)
		moment_write_local(since, attachment->since);
	if (asprintf(&line, "%-15s %-8s %-7s %7u %-23s %s", attachment->interface,
		     state_name(attachment), mode_name(attachment->mode), attachment->program_id,
		     since, pins_name(attachment)) < 0)
		return -ENOMEM;
	text_defuse(line);
	puts(line);
	free(line);
	return 0;
}

static int print_text(void)
{
	bool headed = false;
	int err = attachments_visit(print_row, &headed);

	if (!err && !headed)
		log_info("nothing is attached (try: portclass attach dev IFACE)");
	return err;
}

static int add_object(const struct attachment *attachment, void *context)
{
	struct json_object *object = json_new_object();
	char since[MOMENT_SIZE] = "";

	if (attachment->since)
		moment_write(since, attachment->since);
	json_add_string(object, "interface", attachment->interface);
	json_add_number(object, "ifindex", attachment->ifindex);
	json_add_number(object, "namespace", attachment->netns);
	json_add_boolean(object, "here", attachment->here);
	json_add_string(object, "state", state_name(attachment));
	json_add_string(object, "mode", mode_name(attachment->mode));
	json_add_number(object, "program", attachment->program_id);
	json_add_string_or_null(object, "since", since);
	json_add_string(object, "pins", attachment->directory);
	json_append(context, object);
	return 0;
}

static int print_json(bool pretty)
{
	struct json_object *list = json_new_array();
	int err = attachments_visit(add_object, list);

	if (err)
		json_object_put(list);
	else
		json_write(stdout, list, pretty);
	return err;
}

static int run(const struct options *options, int argc, char **argv)
{
	int err = arguments_parse(cmd_list.name, arguments, argc, argv, NULL);

	if (err)
		return err;
	return options->json ? print_json(options->pretty) : print_text();
}

const struct command cmd_list = { "list", "what is attached, where and since when", arguments,
				  run };
