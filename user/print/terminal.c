// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * What stdout can show, by its environment. Nothing is sent to it.
 */
#include <langinfo.h>
#include <locale.h>
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

/*
 * By a locale that is asked and not set: with the user's, strcasecmp(3) would fold letters as
 * they do there, and a Turkish user would find no IMAP.
 */
bool terminal_has_unicode(void)
{
	locale_t locale = terminal_present() ? newlocale(LC_CTYPE_MASK, "", (locale_t)0) : 0;
	bool unicode = locale && strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;

	if (locale)
		freelocale(locale);
	return unicode;
}
