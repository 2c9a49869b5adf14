/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Words for people, on stderr. With JSON asked for, the failure that ends the
 * command is printed as an object on stdout instead, by log_exit_status().
 */
#ifndef PORTCLASS_LOG_H
#define PORTCLASS_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/outcome.h"

enum log_format {
	LOG_TEXT, /* portclass: eth0: attached */
	LOG_JSON, /* {"time":"...","level":"info","message":"attached","device":"eth0"} */
	LOG_FORMAT_MAX,
};

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG, LOG_LEVEL_MAX };

void log_set_json(bool json);
void log_set_verbose(bool verbose);

/*
 * From now on a line that stderr does not take at once is lost: who should read it may be
 * stopped, and his disk full. How many were.
 */
void log_never_wait(void);
uint64_t log_lines_lost(void);

/* What lines on stderr look like; text unless told. */
void log_set_format(enum log_format format);
const char *log_format_name(enum log_format format);

/*
 * What was tried, on what, what to do next; ": " and outcome_words() are added. Returns
 * @err: -errno as the system had it, or an outcome.
 */
__attribute__((format(printf, 2, 3))) int log_fail(int err, const char *format, ...);

/*
 * The same where the words say it all. Returns @err, an outcome: an errno is for what the
 * system refused, which log_fail() says.
 */
__attribute__((format(printf, 2, 3))) int log_say(int err, const char *format, ...);

/* The same, and how it is right: one line, or "". */
__attribute__((format(printf, 3, 4))) int log_say_usage(int err, const char *usage,
							const char *format, ...);

/* The same of an interface, whose name comes before the words: @device: words. */
__attribute__((format(printf, 3, 4))) int log_say_of(int err, const char *device,
						     const char *format, ...);

__attribute__((format(printf, 1, 2))) void log_info(const char *format, ...);
__attribute__((format(printf, 1, 2))) void log_debug(const char *format, ...);

/* Something happened, to an interface or to none (@device NULL). */
__attribute__((format(printf, 3, 4))) void log_event(enum log_level level, const char *device,
						     const char *format, ...);

/* As it stands, in text without "portclass: " before it: FILE:LINE: words. */
__attribute__((format(printf, 2, 3))) void log_finding(enum log_level level, const char *format,
						       ...);

/*
 * From log_hold() to log_release() failures are kept, not written. The words of the last
 * are returned, without the interface's name before them: ours, until the next failure.
 */
void log_hold(void);
const char *log_release(void);

/* The same, and write it after all. */
void log_release_and_tell(void);

struct json;

/*
 * Add what was said of a failure to a JSON document that the command prints itself
 * in spite of it; log_exit_status() then adds nothing.
 */
void log_add_failure(struct json *json, int err);

/* For main(): print what JSON still owes; returns outcome_status() of @err. */
enum exit_status log_exit_status(int err);

#endif
