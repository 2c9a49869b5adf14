/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the agent is asked to do: by its command line, else by the environment
 * (PORTCLASS_<KEYWORD>), else by its configuration file, all from one table.
 */
#ifndef PORTCLASS_SETTINGS_H
#define PORTCLASS_SETTINGS_H

#include <stdbool.h>
#include <stdio.h>

#include "agent/ready_rule.h"
#include "base/arguments.h"
#include "base/log.h"
#include "kernel/attachment.h"
#include "model/table.h"

#define SETTINGS_FILE  "/etc/portclass/agent.conf"
#define SERIES_DEFAULT 256
#define LISTEN_DEFAULT "127.0.0.1:9635"
#define LISTEN_OFF     "off"

struct arena;

/* A zeroed one is closed. */
struct settings {
	const char *config;  /* the file; NULL: SETTINGS_FILE, if it is there */
	struct words wanted; /* patterns, fnmatch(3); none: where the default routes are */
	struct words unwanted;
	struct table_arguments table;
	unsigned int hook; /* number of the hook */
	enum count_by count_by;
	const char *listen; /* ADDR:PORT; "off": nowhere */
	struct words hosts; /* names that requests may be for, besides the machine's own */
	unsigned int series;
	enum ready_rule ready;
	enum log_format log_format;
	bool take_over; /* what another version of portclass has attached */
	bool detach_on_exit;
	struct arena *text; /* of the environment and the file */
};

/* The words of `agent` and of `agent check`. */
extern const struct argument settings_arguments[];

/*
 * Read all three places for the command of that @name. Returns 0 or -ENOMEM, or, said with
 * the place, OUTCOME_USAGE: a file that can't be read, or what is wrong with the words.
 */
int settings_open(struct settings *settings, const char *name, int argc, char **argv);
void settings_close(struct settings *settings);

/* Whether the patterns take an interface out, by one of its names. */
bool settings_exclude(const struct settings *settings, const char *interface);

/* The file that was read, or would be if it were there. */
const char *settings_file(const struct settings *settings);

/* Whether the patterns want an interface. Loopback must be asked for by its very name. */
bool settings_want(const struct settings *settings, const char *interface, bool loopback,
		   bool default_route);

/* What results, in the words of the configuration file, or as an object. */
void settings_write(FILE *to, const struct settings *settings);
void settings_json(FILE *to, const struct settings *settings, bool pretty);

#endif
