/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What a text should be read as: a table of cases for the test of each format.
 */
#ifndef PORTCLASS_READING_H
#define PORTCLASS_READING_H

#include "collect.h"

#define TCP  (1 << TRANSPORT_TCP)
#define UDP  (1 << TRANSPORT_UDP)
#define SCTP (1 << TRANSPORT_SCTP)
#define DCCP (1 << TRANSPORT_DCCP)

/* The last row of a case's text. A NULL string is not looked at. */
struct expected_row {
	enum row row;
	const char *service;
	int first; /* -1: no port */
	int last;
	uint8_t transports;
	unsigned int line;
	unsigned int lines;
	const char *aliases;
	const char *alias_of;
	bool yields;
	const char *description;
	const char *reference;
	const char *service_code;
	const char *notes;
	const char *unauthorized_use;
	const char *modified;
};

struct expected_diagnostic {
	enum severity severity;
	unsigned int line;
	const char *words; /* NULL: none at all */
};

/* Either refused, if the diagnostic is an error, or @count rows of which the last is @row; an
 * error beside rows is of one that is lost.
 */
struct reading {
	const char *name;
	const char *text;
	struct expected_diagnostic diagnostic;
	size_t count;
	struct expected_row row;
};

/* Fail, with the case's name, unless @reading->text in @format is as it says. */
void reading_check(const struct reading *reading, const char *format);

#endif
