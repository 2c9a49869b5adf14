// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Ready or not, by which rule, and what is missing, a line each.
 */
#include "agent/readiness.h"

#include <stdio.h>

#include "text.h"

static void list_patterns(FILE *to, const char *keyword, const struct words *patterns)
{
	for (size_t i = 0; i < patterns->count; i++)
		fprintf(to, " %s %s", keyword, patterns->words[i]);
}

/* What it waits for, in the words of the settings. */
static void explain_idleness(FILE *to, const struct node *node)
{
	bool routes = !node->wanted->count;

	fprintf(to, "no interface %s", routes ? "has a default route" : "matches");
	list_patterns(to, "dev", node->wanted);
	list_patterns(to, "except", node->unwanted);
	putc('\n', to);
}

/* Of the rules only one wants to know whether it loads. */
static void explain_program(FILE *to, const struct node *node)
{
	if (node->ready == READY_RUNNING && !node->loads)
		fprintf(to, "the program: %s\n",
			node->load_error[0] ? node->load_error : "not loaded yet");
}

/* What is missing; a node can be ready in spite of it. */
static void explain(FILE *to, const struct node *node)
{
	explain_program(to, node);
	if (!node->count)
		explain_idleness(to, node);
	for (size_t i = 0; i < node->count; i++) {
		const struct node_interface *interface = &node->interfaces[i];
		const char *error = interface->error[0] ? interface->error : "not attached yet";
		char name[TEXT_SHOWN_SIZE(IF_NAMESIZE)], words[sizeof(interface->error)];

		if (!node_is_attached(interface))
			fprintf(to, "%s: %s\n", text_show(name, sizeof(name), interface->name),
				text_show(words, sizeof(words), error));
	}
}

bool readiness_write(char **text, const struct node *node)
{
	bool ready = node_is_ready(node);
	size_t size;
	FILE *to = open_memstream(text, &size);

	if (!to)
		return ready;
	if (ready)
		fputs("ready\n", to);
	else
		fprintf(to, "%s\nready %s: %s\n", ready_rule_lack(node->ready),
			ready_rule_name(node->ready), ready_rule_meaning(node->ready));
	explain(to, node);
	if (fclose(to))
		*text = NULL;
	return ready;
}
