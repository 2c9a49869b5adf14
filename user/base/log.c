// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Words for people, and for JSON in the end. Files, names and arguments are quoted in
 * them: no terminal shall obey those. Globals, because a failure deep down
 * has to know how the command line wants to hear of it.
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/json.h"
#include "base/log.h"
#include "base/moment.h"
#include "text.h"

#define LINE_SIZE  1024
#define USAGE_SIZE 1024
/* Each byte of a message may take six, and the rest has its bounds. */
#define JSON_LINE_SIZE (6 * (LINE_SIZE + DEVICE_MOST) + 256)
#define DEVICE_MOST    255 /* bytes of an interface's name, before the words */
#define TEXT_LINE_SIZE (LINE_SIZE + DEVICE_MOST + 32)

static struct {
	bool json;
	bool verbose;
	bool held;
	bool never_waits;
	uint64_t lost; /* lines that nobody took; atomic */
	enum log_format format;
	bool told;		 /* JSON has the failure already */
	char failure[LINE_SIZE]; /* the last one said, for JSON */
	char usage[USAGE_SIZE];	 /* that it was said with; empty: none */
	size_t words;		 /* where in it the words begin, behind an interface's name */
} settings;

void log_set_json(bool json)
{
	settings.json = json;
}

void log_set_verbose(bool verbose)
{
	settings.verbose = verbose;
}

static const char *const format_names[LOG_FORMAT_MAX] = { "text", "json" };
static const char *const level_names[LOG_LEVEL_MAX] = { "error", "warning", "info", "debug" };

void log_set_format(enum log_format format)
{
	settings.format = format;
}

const char *log_format_name(enum log_format format)
{
	return format_names[format];
}

void log_never_wait(void)
{
	settings.never_waits = true;
}

uint64_t log_lines_lost(void)
{
	return __atomic_load_n(&settings.lost, __ATOMIC_RELAXED);
}

/* A file waits for nobody but its disk, though it could say now and then that it would. */
static bool is_file(void)
{
	struct stat status;

	return !fstat(STDERR_FILENO, &status) && S_ISREG(status.st_mode);
}

/* Where the kernel can't say beforehand whether it would wait, it takes what poll(2) said. */
static bool write_piece(const char *piece, size_t size)
{
	struct pollfd error = { .fd = STDERR_FILENO, .events = POLLOUT };
	const struct iovec bytes = { (void *)(uintptr_t)piece, size };
	ssize_t written = -1;

	if (poll(&error, 1, 0) != 1 || !(error.revents & POLLOUT))
		return false;
	errno = EOPNOTSUPP;
	if (!is_file())
		written = pwritev2(STDERR_FILENO, &bytes, 1, -1, RWF_NOWAIT);
	if (written < 0 && (errno == EOPNOTSUPP || errno == EINVAL || errno == ENOSYS))
		written = write(STDERR_FILENO, piece, size);
	return written == (ssize_t)size;
}

/* A pipe that poll(2) calls writable takes as much as this without waiting, pipe(7). */
static bool write_pieces(const char *line, size_t size)
{
	for (size_t at = 0, piece; at < size; at += piece) {
		piece = size - at < PIPE_BUF ? size - at : PIPE_BUF;
		if (!write_piece(line + at, piece))
			return false;
	}
	return true;
}

/* In one piece: others write there, too. */
static void put_line(const char *line)
{
	if (!settings.never_waits)
		fputs(line, stderr);
	else if (!write_pieces(line, strlen(line)))
		__atomic_add_fetch(&settings.lost, 1, __ATOMIC_RELAXED);
}

static void write_text(const char *device, const char *message)
{
	char line[TEXT_LINE_SIZE], name[DEVICE_MOST + 1] = "", shown[LINE_SIZE];

	if (device)
		text_show(name, sizeof(name), device);
	snprintf(line, sizeof(line), "portclass: %s%s%s\n", name, device ? ": " : "",
		 text_show(shown, sizeof(shown), message));
	put_line(line);
}

static void write_json(enum log_level level, const char *device, const char *message)
{
	char line[JSON_LINE_SIZE], time[MOMENT_SIZE];
	FILE *to = fmemopen(line, sizeof(line), "w");
	struct json json;

	if (!to) {
		write_text(device, message);
		return;
	}
	json_begin(&json, to, false);
	json_open_object(&json, NULL);
	json_string(&json, "time", moment_write(time, clock_wall()));
	json_string(&json, "level", level_names[level]);
	if (device)
		json_string(&json, "device", device);
	json_string(&json, "message", message);
	json_close_object(&json);
	json_end(&json);
	fclose(to);
	put_line(line);
}

static void write_line(enum log_level level, const char *device, const char *message)
{
	if (settings.format == LOG_JSON)
		write_json(level, device, message);
	else
		write_text(device, message);
}

static void write_formatted(enum log_level level, const char *device, const char *format,
			    va_list arguments)
{
	char message[LINE_SIZE];

	vsnprintf(message, sizeof(message), format, arguments);
	write_line(level, device, message);
}

/* With JSON asked for, log_exit_status() does. */
static void tell(void)
{
	char line[USAGE_SIZE + 1];

	if (settings.json || settings.held || !settings.failure[0])
		return;
	write_line(LOG_ERROR, NULL, settings.failure);
	if (!settings.usage[0] || settings.format == LOG_JSON)
		return;
	snprintf(line, sizeof(line), "%s\n", settings.usage);
	put_line(line);
}

/* Keep it. @err 0: the words say it all. @device NULL: they are of no interface. */
static void keep(int err, const char *device, const char *format, va_list arguments)
{
	int used = snprintf(settings.failure, sizeof(settings.failure), "%.*s%s", DEVICE_MOST,
			    device ? device : "", device ? ": " : "");

	settings.words = (size_t)used;
	settings.usage[0] = '\0';
	used += vsnprintf(settings.failure + used, sizeof(settings.failure) - (size_t)used, format,
			  arguments);
	if (err && used >= 0 && (size_t)used < sizeof(settings.failure))
		snprintf(settings.failure + used, sizeof(settings.failure) - (size_t)used, ": %s",
			 outcome_words(err));
}

static void fail(int err, const char *device, const char *format, va_list arguments)
{
	keep(err, device, format, arguments);
	tell();
}

int log_fail(int err, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fail(err, NULL, format, arguments);
	va_end(arguments);
	return err;
}

int log_say(int err, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fail(0, NULL, format, arguments);
	va_end(arguments);
	return err;
}

int log_say_usage(int err, const char *usage, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	keep(0, NULL, format, arguments);
	snprintf(settings.usage, sizeof(settings.usage), "%s", usage);
	tell();
	va_end(arguments);
	return err;
}

int log_say_of(int err, const char *device, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fail(0, device, format, arguments);
	va_end(arguments);
	return err;
}

void log_info(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	write_formatted(LOG_INFO, NULL, format, arguments);
	va_end(arguments);
}

void log_event(enum log_level level, const char *device, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	write_formatted(level, device, format, arguments);
	va_end(arguments);
}

void log_finding(enum log_level level, const char *format, ...)
{
	char message[LINE_SIZE], shown[LINE_SIZE], line[TEXT_LINE_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	if (settings.format == LOG_JSON) {
		write_json(level, NULL, message);
	} else {
		text_show(shown, sizeof(shown), message);
		snprintf(line, sizeof(line), "%s\n", shown);
		put_line(line);
	}
}

void log_hold(void)
{
	settings.held = true;
	settings.failure[0] = '\0';
	settings.words = 0;
}

const char *log_release(void)
{
	settings.held = false;
	return settings.failure + settings.words;
}

void log_release_and_tell(void)
{
	settings.held = false;
	tell();
}

void log_debug(const char *format, ...)
{
	va_list arguments;

	if (!settings.verbose)
		return;
	va_start(arguments, format);
	write_formatted(LOG_DEBUG, NULL, format, arguments);
	va_end(arguments);
}

/* A failure that nobody put into words, such as -ENOMEM deep down. */
static void say_if_unsaid(int err)
{
	if (!settings.failure[0])
		log_say(err, "%s",
			err == -ENOMEM ? "there is not enough memory" : outcome_words(err));
}

void log_add_failure(struct json *json, int err)
{
	say_if_unsaid(err);
	json_open_object(json, "error");
	json_string(json, "message", settings.failure);
	if (settings.usage[0])
		json_string(json, "usage", settings.usage);
	json_number(json, "status", outcome_status(err));
	json_close_object(json);
	settings.told = true;
}

enum exit_status log_exit_status(int err)
{
	struct json document;

	if (!err)
		return EXIT_DONE;
	if (err == -EPIPE) /* nobody listens any more */
		return EXIT_REFUSED;
	say_if_unsaid(err);
	if (settings.json && !settings.told) {
		json_begin(&document, stdout, false);
		json_open_object(&document, NULL);
		log_add_failure(&document, err);
		json_close_object(&document);
		json_end(&document);
	}
	return outcome_status(err);
}
