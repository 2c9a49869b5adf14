// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The machine's names: those of the settings, uname(2)'s, and those that hosts(5) has for it.
 */
#include "agent/host_names.h"

#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#define HOSTS	  "/etc/hosts"
#define HOSTS_MAX (1024 * 1024) /* bytes that are read of it */

static void add(struct host_names *names, const char *name)
{
	if (names->count < HOST_NAMES_MAX && http_host_name(names->own[names->count], name))
		names->count++;
}

void host_names_set(struct host_names *names, const char *node, const char *domain)
{
	char full[2 * HTTP_HOST_NAME_SIZE];

	names->count = 0;
	snprintf(names->node, sizeof(names->node), "%s", node);
	add(names, node);
	snprintf(full, sizeof(full), "%.*s", (int)strcspn(node, "."), node);
	add(names, full);
	if (!*domain || strchr(node, '.'))
		return;
	snprintf(full, sizeof(full), "%.253s.%.253s", node, domain);
	add(names, full);
}

/* The address and the names of a line; returns how many words. */
static size_t split_line(char *line, const char **words, size_t room)
{
	size_t count = 0;
	char *rest = NULL;

	line[strcspn(line, "#\n")] = '\0';
	for (char *word = strtok_r(line, " \t\r", &rest); word && count < room;
	     word = strtok_r(NULL, " \t\r", &rest))
		words[count++] = word;
	return count;
}

static bool is_longer(const char *name, const char *node)
{
	size_t size = strcspn(node, ".");

	return strncasecmp(name, node, size) == 0 && name[size] == '.';
}

static void read_line(struct host_names *names, char *line)
{
	const char *words[64];
	size_t count = split_line(line, words, sizeof(words) / sizeof(words[0]));
	bool ours = false;

	for (size_t i = 1; i < count; i++)
		ours |= strcasecmp(words[i], names->node) == 0;
	for (size_t i = 1; ours && i < count; i++)
		if (is_longer(words[i], names->node))
			add(names, words[i]);
}

void host_names_read(struct host_names *names, FILE *hosts)
{
	char line[4096];
	size_t size = 0;

	while (size < HOSTS_MAX && fgets(line, sizeof(line), hosts)) {
		size += strlen(line) + 1;
		read_line(names, line);
	}
}

/* A regular file, and nothing that could keep us waiting. */
static void read_hosts(struct host_names *names)
{
	int fd = open(HOSTS, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	struct stat status;
	FILE *file;

	if (fd < 0)
		return;
	file = !fstat(fd, &status) && S_ISREG(status.st_mode) ? fdopen(fd, "r") : NULL;
	if (!file) {
		close(fd);
		return;
	}
	host_names_read(names, file);
	fclose(file);
}

/* Whether the machine has another name than it had. */
static bool refresh(struct host_names *names)
{
	struct utsname system;
	const char *domain;

	if (uname(&system) || strcmp(system.nodename, names->node) == 0)
		return false;
	domain = system.domainname;
	host_names_set(names, system.nodename, domain[0] == '(' ? "" : domain);
	read_hosts(names);
	return true;
}

static bool is_own(const struct host_names *names, const char *host)
{
	for (size_t i = 0; i < names->count; i++)
		if (http_host_is_called(host, names->own[i]))
			return true;
	return false;
}

static bool is_given(const struct words *given, const char *host)
{
	for (size_t i = 0; given && i < given->count; i++)
		if (http_host_is_called(host, given->words[i]))
			return true;
	return false;
}

bool host_names_have(struct host_names *names, const char *host)
{
	if (http_host_is_fixed(host) || is_given(names->given, host) || is_own(names, host))
		return true;
	return refresh(names) && is_own(names, host);
}
