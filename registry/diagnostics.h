/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What is wrong with a registry or overlay file, where, and what was done.
 */
#ifndef PORTCLASS_DIAGNOSTICS_H
#define PORTCLASS_DIAGNOSTICS_H

#include <stddef.h>

enum severity {
	SEVERITY_WARNING, /* what it is about is used; the message says how */
	SEVERITY_ERROR,	  /* what it is about is lost: a row, or the whole file */
};

struct diagnostic {
	enum severity severity;
	const char *file;
	unsigned int line;   /* from 1; 0: the file as a whole */
	const char *message; /* what was found, and what was done about it */
};

/* Where diagnostics go. All zero: they are counted only. */
struct diagnostics {
	void (*report)(void *context, const struct diagnostic *diagnostic);
	void *context;
	size_t warnings;
	size_t errors;
};

/* Report a formatted message. The strings live only as long as the call. */
__attribute__((format(printf, 4, 5))) void diagnostics_warn(struct diagnostics *diagnostics,
							    const char *file, unsigned int line,
							    const char *format, ...);

/* Of a row that can't be used, and is lost: the others are read. */
__attribute__((format(printf, 4, 5))) void diagnostics_lose(struct diagnostics *diagnostics,
							    const char *file, unsigned int line,
							    const char *format, ...);

/* The same, and return -EBADMSG: the file can't be used. */
__attribute__((format(printf, 4, 5))) int diagnostics_refuse(struct diagnostics *diagnostics,
							     const char *file, unsigned int line,
							     const char *format, ...);

#endif
