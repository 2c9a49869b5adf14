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

/* What is there, before anything is printed of it: one document, or one failure. */
struct list {
	struct attachment *attachments; /* owned */
	size_t count;
};

static int keep(const struct attachment *attachment, void *context)
{
	struct list *list = context;
	struct attachment *more = reallocarray(list->attachments, list->count + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	list->attachments = more;
	more[list->count++] = *attachment;
	return 0;
}

static void print_row(const struct attachment *attachment, const struct instant *now)
{
	char since[MOMENT_SIZE] = "unknown", interface[TEXT_SHOWN_SIZE(IF_NAMESIZE)];
	uint64_t moment = clock_wall_at(now, attachment->since);
	char pins[TEXT_SHOWN_SIZE(PATH_MAX)], version[64] = "";

	if (moment)
		moment_write_local(since, moment);
	if (attachment_is_foreign(attachment))
		snprintf(version, sizeof(version), " (version %u: can't be read)",
			 attachment->abi_version);
	printf("%-15s %-8s %-7s %-7s %7u %-23s %s%s\n",
	       text_show(interface, sizeof(interface), attachment->interface),
	       state_name(attachment), hook_mode(attachment->hook), hook_name(attachment->hook),
	       attachment->program_id, since, text_show(pins, sizeof(pins), pins_name(attachment)),
	       version);
}

static void print_text(const struct list *list)
{
	const struct instant now = clock_now();

	if (list->count)
		printf("%-15s %-8s %-7s %-7s %7s %-23s %s\n", "INTERFACE", "STATE", "MODE", "HOOK",
		       "PROGRAM", "SINCE", "PINS");
	else
		log_info("nothing is attached (try: portclass attach dev IFACE)");
	for (size_t i = 0; i < list->count; i++)
		print_row(&list->attachments[i], &now);
}

static void print_object(struct json *json, const struct attachment *attachment,
			 const struct instant *now)
{
	uint64_t moment = clock_wall_at(now, attachment->since);
	char since[MOMENT_SIZE] = "";

	if (moment)
		moment_write(since, moment);
	json_open_object(json, NULL);
	json_string(json, "interface", attachment->interface);
	json_number(json, "ifindex", attachment->ifindex);
	json_number(json, "namespace", attachment->netns);
	json_boolean(json, "here", attachment->here);
	json_string(json, "state", state_name(attachment));
	json_string(json, "mode", hook_mode(attachment->hook));
	json_string(json, "hook", hook_name(attachment->hook));
	json_number(json, "program", attachment->program_id);
	json_string_or_null(json, "since", since);
	json_string(json, "pins", attachment->directory);
	json_number(json, "abi_version", attachment->abi_version);
	json_boolean(json, "readable", attachment->info.abi_version == ABI_VERSION);
	json_close_object(json);
}

static void print_json(const struct list *list, bool pretty)
{
	const struct instant now = clock_now();
	struct json json;

	json_begin(&json, stdout, pretty);
	json_open_array(&json, NULL);
	for (size_t i = 0; i < list->count; i++)
		print_object(&json, &list->attachments[i], &now);
	json_close_array(&json);
	json_end(&json);
}

static int run(const struct options *options, int argc, char **argv)
{
	struct list list = { 0 };
	int err = arguments_parse(cmd_list.name, arguments, argc, argv, NULL);

	if (err)
		return err;
	err = attachments_visit(keep, &list);
	if (!err && options->json)
		print_json(&list, options->pretty);
	else if (!err)
		print_text(&list);
	free(list.attachments);
	return err;
}

const struct command cmd_list = { "list", "what is attached, where and since when", arguments,
				  run };
