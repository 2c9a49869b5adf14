// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Count diagnostics and hand them on. Who prints them shows what the file held, see text.h.
 */
#include "diagnostics.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#define MESSAGE_SIZE 512

static void report(const struct diagnostics *diagnostics, struct diagnostic *diagnostic,
		   const char *format, va_list arguments)
{
	char message[MESSAGE_SIZE];

	if (!diagnostics->report)
		return;
	vsnprintf(message, sizeof(message), format, arguments);
	diagnostic->message = message;
	diagnostics->report(diagnostics->context, diagnostic);
}

void diagnostics_warn(struct diagnostics *diagnostics, const char *file, unsigned int line,
		      const char *format, ...)
{
	struct diagnostic diagnostic = { SEVERITY_WARNING, file, line, NULL };
	va_list arguments;

	diagnostics->warnings++;
	va_start(arguments, format);
	report(diagnostics, &diagnostic, format, arguments);
	va_end(arguments);
}

static void report_error(struct diagnostics *diagnostics, const char *file, unsigned int line,
			 const char *format, va_list arguments)
{
	struct diagnostic diagnostic = { SEVERITY_ERROR, file, line, NULL };

	diagnostics->errors++;
	report(diagnostics, &diagnostic, format, arguments);
}

void diagnostics_lose(struct diagnostics *diagnostics, const char *file, unsigned int line,
		      const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	report_error(diagnostics, file, line, format, arguments);
	va_end(arguments);
}

int diagnostics_refuse(struct diagnostics *diagnostics, const char *file, unsigned int line,
		       const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	report_error(diagnostics, file, line, format, arguments);
	va_end(arguments);
	return -EBADMSG;
}
