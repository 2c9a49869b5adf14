// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Any two names, of an interface and of a service, through every output: what is printed
 * can be trusted, is taken as input again, and is another for another name.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "print/output.h"
#include "text.h"

#include "fuzz.h"

#define SHOWN_SIZE TEXT_SHOWN_SIZE(SERVICE_SIZE)

/* Of any name nothing else gets out: no byte that is not text, no character without a shape. */
static void check_shown(const char *shown)
{
	static const char *const hidden[] = { "\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x80\x8b",
					      "\xef\xbb\xbf", "\xc2\xad",     "\xf3\xa0\x80\xa0",
					      "\xe2\x80\xa8", "\xd8\x9c",     "\xee\x80\x80" };

	fuzz_check(fuzz_is_printable(shown));
	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		fuzz_check(!strstr(shown, hidden[i]));
}

/* Shown, read, shown: nothing is lost on the way. */
static void check_name(const char *name, char shown[SHOWN_SIZE])
{
	char read[SERVICE_SIZE];

	text_show(shown, SHOWN_SIZE, name);
	check_shown(shown);
	fuzz_check(text_read(read, sizeof(read), shown));
	fuzz_check(!strcmp(read, name));
}

static struct snapshot make_snapshot(const char *interface, const char *service)
{
	static struct assignment assignment = { .first = 80, .last = 80 };
	static struct service counted = { .assignment = &assignment,
					  .traffic = { .to = { 1, 60 } } };
	struct snapshot snapshot = { .ifindex = 2,
				     .directions_count = 1,
				     .services = &counted,
				     .count = 1,
				     .assignments = &assignment };

	snprintf(snapshot.interface, sizeof(snapshot.interface), "%s", interface);
	snprintf(assignment.service, sizeof(assignment.service), "%s", service);
	return snapshot;
}

/* What an output writes, for free(). */
static char *written(const struct output *output, const char *interface, const char *service)
{
	const struct format_options options = { .exact = true };
	struct report_interface row = { .attached = true,
					.hook = "xdp",
					.mode = "native",
					.snapshot = make_snapshot(interface, service) };
	struct series_line line = { .assignment = row.snapshot.services->assignment };
	struct report report = { .interfaces = &row, .count = 1 };
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	snprintf(row.name, sizeof(row.name), "%s", interface);
	row.fold = (struct series_fold){ .lines = &line, .count = 1 };
	fuzz_check(to && !output->write(to, &report, &options) && !fclose(to));
	return text;
}

static void check_lines(char *text)
{
	for (char *line; (line = strsep(&text, "\n"));)
		check_shown(line);
}

static void check_member(struct json_object *object, const char *key, const char *shown)
{
	struct json_object *member;

	fuzz_check(json_object_object_get_ex(object, key, &member));
	fuzz_check(!strcmp(json_object_get_string(member), shown));
}

/* A strict reader has the names as they are shown. */
static void check_json(const char *text, const char *interface, const char *service)
{
	struct json_object *object = json_tokener_parse(text), *services;

	fuzz_check(object && json_object_object_get_ex(object, "services", &services));
	check_member(object, "interface", interface);
	check_member(json_object_array_get_idx(services, 0), "service", service);
	json_object_put(object);
}

static void check_outputs(const char *interface, const char *service, const char *other)
{
	char shown_interface[SHOWN_SIZE], shown_service[SHOWN_SIZE];

	check_name(interface, shown_interface);
	check_name(service, shown_service);
	for (const struct output *const *output = outputs; *output; output++) {
		char *text = written(*output, interface, service);
		char *of_other = written(*output, other, service);

		if (*output == &output_json)
			check_json(text, shown_interface, shown_service);
		/* Two interfaces never have one label, one title, one name. */
		fuzz_check(!strcmp(interface, other) == !strcmp(text, of_other));
		check_lines(text);
		free(text);
		free(of_other);
	}
}

/* The log, to a file instead of stderr. */
static void check_log(const char *interface, const char *service, enum log_format format)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size), *before = stderr;

	fuzz_check(to);
	stderr = to;
	log_set_format(format);
	log_event(LOG_INFO, interface, "%s", service);
	stderr = before;
	fclose(to);
	fuzz_check(size && strchr(text, '\n') == text + size - 1);
	check_lines(text);
	free(text);
}

/* An interface, another one, and a service, one behind the other. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char names[3][SERVICE_SIZE] = { "" };

	for (size_t i = 0; i < 3; i++) {
		size_t most = i < 2 ? IF_NAMESIZE - 1 : SERVICE_SIZE - 1;
		size_t taken = size < most ? size : most;

		memcpy(names[i], bytes, taken);
		bytes += taken;
		size -= taken;
	}
	if (!*names[0] || !*names[1]) /* the kernel has no such interface */
		return 0;
	check_outputs(names[0], names[2], names[1]);
	check_log(names[0], names[2], LOG_TEXT);
	check_log(names[0], names[2], LOG_JSON);
	return 0;
}
