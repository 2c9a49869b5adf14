// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * What stdout can show, by its environment. Nothing is sent to it.
 */
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "print/terminal.h"

bool terminal_present(void)
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && term && *term && strcmp(term, "dumb") != 0;
}

bool terminal_has_colour(void)
{
	const char *forbidden = getenv("NO_COLOR");

	return terminal_present() && !(forbidden && *forbidden);
}

bool terminal_has_unicode(void)
{
	return terminal_present() && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}
