/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The words behind a command: keywords and their values, as ip(8) has them. One
 * table per command parses them, writes the usage line, the help and the words
 * that shells complete.
 */
#ifndef PORTCLASS_ARGUMENTS_H
#define PORTCLASS_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/port_range.h"

#define WORDS_MAX 256

/* Kind of an argument, and the type of the field that it fills. */
enum argument_kind {
	ARGUMENT_END,	  /* the end of a table */
	ARGUMENT_FLAG,	  /* bool: the keyword alone */
	ARGUMENT_WORD,	  /* const char *: one of argv */
	ARGUMENT_WORDS,	  /* struct words: may be said again and again */
	ARGUMENT_NUMBER,  /* unsigned int: from minimum to maximum */
	ARGUMENT_SECONDS, /* unsigned int: in milliseconds; said as 2 or 0.5 */
	ARGUMENT_CHOICE,  /* unsigned int or an enum: which of choices */
	ARGUMENT_PORTS,	  /* struct port_range: said as 80 or 6000-6063 */
};

struct words {
	const char *words[WORDS_MAX];
	size_t count;
};

struct argument {
	enum argument_kind kind;
	const char *keyword; /* NULL: a word without one, by its position */
	const char *value;   /* IFACE, FILE, DIR, N: what usage calls it */
	const char *help;
	size_t offset;				   /* of the field in the command's own struct */
	unsigned int minimum, maximum;		   /* NUMBER; SECONDS in milliseconds */
	const char *(*choice)(unsigned int index); /* CHOICE; WORD: the only ones allowed */
	unsigned int choices;			   /* how many; the first NULL ends them too */
	bool (*check)(const char *word);	   /* WORD, WORDS: whether it is one; NULL: any */
	const char *expected;			   /* what @check takes, in words */
	bool required;
	bool alternative; /* excludes the argument in the row above */
};

/*
 * Parse the words behind the name of a command into @values, whose fields hold the
 * defaults. Returns 0, or OUTCOME_USAGE, said with the usage line. The words stay argv's.
 */
int arguments_parse(const char *name, const struct argument *arguments, int argc, char **argv,
		    void *values);

/* The choice with that number of an argument; NULL: there are no more. */
const char *argument_choice(const struct argument *argument, unsigned int index);

/* One of several places that say the same words; of a list, the last place wins wholly. */
struct arguments_source {
	const struct argument *arguments;
	const char *name; /* before what is said of the words: "show", "FILE:LINE" */
	bool is_command;  /* that is a command's: its usage is shown, too */
	uint64_t given;	  /* a bit for each row that was said in this place */
};

/* As arguments_parse(), which is for the one place most commands have; may be called again. */
int arguments_parse_source(struct arguments_source *source, int argc, char **argv, void *values);

/* "usage: portclass show [dev IFACE | pin DIR] [all]", without a line end. */
void arguments_write_usage(FILE *to, const char *name, const struct argument *arguments);

/* A line for each argument, for people: keyword, value, what it does. */
void arguments_write_help(FILE *to, const struct argument *arguments);

/* A line for each argument, for shells: KEYWORD, VALUE or CHOICE|CHOICE, help; tabs between. */
void arguments_write_words(FILE *to, const struct argument *arguments);

#endif
