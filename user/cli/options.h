/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The dashed options, which any command takes, before, between or behind its words.
 */
#ifndef PORTCLASS_OPTIONS_H
#define PORTCLASS_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

struct options {
	bool json;
	bool pretty; /* JSON for eyes; json is set too */
	bool exact;  /* numbers in full, not 1.2M */
	bool verbose;
	bool version;
	bool help;
};

/*
 * Take the options out of argv, which is reordered: the words stand at the
 * returned index and behind it. What is said from now on is said as -j and -v want
 * it. OUTCOME_USAGE, said: an unknown option.
 */
int options_parse(struct options *options, int argc, char **argv);

/* A line for each, for people. */
void options_write_help(FILE *to);

struct json;

/* An element for each, of the array that is open: letter and help. */
void options_write_json(struct json *json);

/* A line for each, for shells: the option, a tab, what it does. */
void options_write_words(FILE *to);

#endif
