// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * portclass watch: rates per second, again and again.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "cli/command.h"
#include "print/output.h"
#include "base/log.h"
#include "base/moment.h"
#include "kernel/ifindex.h"
#include "kernel/pins.h"
#include "kernel/snapshot_read.h"
#include "print/screen.h"
#include "print/terminal.h"

#define MILLISECOND (NANOSECONDS / 1000)

struct watch {
	const char *interface;
	const char *directory;
	unsigned int interval; /* milliseconds */
	unsigned int count;    /* 0: until it is ended */
	struct format_options format;
	const struct options *options;
	bool screen;
	int signals;		/* signalfd */
	char only[IF_NAMESIZE]; /* the one attached interface, if none was named */
	struct snapshot before;
	uint64_t before_at; /* monotonic, ns */
	struct snapshot difference;
};

static const char *choose_by(unsigned int index)
{
	return ranking_by_name(index);
}

static const struct argument arguments[] = {
	{ ARGUMENT_WORD, "dev", "IFACE", "the interface; without: the one that is attached",
	  .offset = offsetof(struct watch, interface) },
	{ ARGUMENT_WORD, "pin", "DIR", "the pins that bpftool made there",
	  .offset = offsetof(struct watch, directory), .alternative = true },
	{ ARGUMENT_SECONDS, "interval", "S", "seconds between two readings (1)",
	  .offset = offsetof(struct watch, interval), .minimum = 10, .maximum = 86400 * 1000 },
	{ ARGUMENT_NUMBER, "count", "N", "end after so many",
	  .offset = offsetof(struct watch, count), .minimum = 1, .maximum = UINT32_MAX },
	{ ARGUMENT_CHOICE, "by", "ORDER", "the order, and what the shares are of",
	  .offset = offsetof(struct watch, format.ranking.by), .choice = choose_by,
	  .choices = RANKING_BY_MAX },
	{ ARGUMENT_NUMBER, "limit", "N", "the first N services; a line sums up the others",
	  .offset = offsetof(struct watch, format.ranking.limit), .minimum = 1,
	  .maximum = SLOTS_MAX },
	{ .kind = ARGUMENT_END },
};

static int find_only(const struct attachment *attachment, void *context)
{
	struct watch *watch = context;

	if (!attachment->here || !attachment->ifindex)
		return 0;
	if (watch->interface)
		return log_say(OUTCOME_USAGE,
			       "watch: %s and %s are attached: say which (dev IFACE)",
			       watch->interface, attachment->interface);
	memcpy(watch->only, attachment->interface, sizeof(watch->only));
	watch->interface = watch->only;
	return 0;
}

static int choose_interface(struct watch *watch)
{
	int err;

	watch->interface = ifindex_real_name(watch->only, watch->interface);
	if (watch->interface || watch->directory)
		return 0;
	err = attachments_visit(find_only, watch);
	if (err || watch->interface)
		return err;
	return log_say(OUTCOME_NOT_ATTACHED, "no interface of this network namespace is attached "
					     "(try: portclass attach dev IFACE)");
}

/* Opened anew each time, so that a new attachment of the interface is followed. */
static int read_counters(const struct watch *watch, struct snapshot *snapshot)
{
	struct pins pins = { 0 };
	int err = watch->directory ? pins_open_directory(&pins, watch->directory)
				   : pins_open(&pins, watch->interface);

	if (err)
		return err;
	err = snapshot_read(snapshot, &pins);
	pins_close(&pins);
	return err;
}

/* 0: it is there, 1: it is gone, -errno, said. */
static int is_gone(const struct watch *watch)
{
	struct attachment attachment;
	int err;

	if (watch->directory)
		return access(watch->directory, F_OK) != 0;
	err = attachment_find(&attachment, watch->interface);
	if (err && err != OUTCOME_NOT_ATTACHED)
		return err;
	return err || !attachment.ifindex;
}

static int say_gone(const struct watch *watch)
{
	if (watch->directory)
		return log_say(OUTCOME_NOT_ATTACHED, "%s: the pins are gone", watch->directory);
	return log_say(OUTCOME_NO_INTERFACE, "%s: gone, or portclass was detached from it",
		       watch->interface);
}

/* As many services as there are lines for. */
static int draw(const struct watch *watch)
{
	struct format_options format = watch->format;
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	int err;

	if (!to)
		return -ENOMEM;
	format.lines = (unsigned int)screen_lines();
	err = format_text(to, &watch->difference, &format);
	fclose(to);
	if (!err)
		screen_draw(text);
	free(text);
	return err;
}

static int print(const struct watch *watch)
{
	const struct output *output = watch->options->json ? &output_json : &output_text;
	struct report_interface interface = {
		.attached = true, .hook = "", .mode = "", .snapshot = watch->difference
	};
	const struct report report = { .interfaces = &interface, .count = 1 };
	int err = output->write(stdout, &report, &watch->format);

	if (!watch->options->json)
		putchar('\n');
	return err;
}

static int show(const struct watch *watch)
{
	int err = watch->screen ? draw(watch) : print(watch);

	if (!err && fflush(stdout))
		err = -EPIPE; /* main() says why, if it is worth words */
	return err;
}

/* Read, and show what came since the last reading. */
static int step(struct watch *watch)
{
	struct snapshot after;
	uint64_t at;
	int err;

	err = is_gone(watch);
	if (err)
		return err < 0 ? err : say_gone(watch);
	err = read_counters(watch, &after);
	if (err)
		return err;
	at = clock_monotonic();
	snapshot_close(&watch->difference);
	err = snapshot_difference(&watch->difference, &watch->before, &after);
	snapshot_close(&watch->before);
	watch->before = after;
	watch->format.interval = at - watch->before_at;
	watch->before_at = at;
	return err ? err : show(watch);
}

/* Returns 1: to end, 0: the time has come, -errno. */
static int wait_until(struct watch *watch, uint64_t deadline)
{
	struct pollfd sources[] = { { .fd = watch->signals, .events = POLLIN },
				    { .fd = watch->screen ? STDIN_FILENO : -1, .events = POLLIN } };
	enum screen_wish wish;
	uint64_t now;

	while ((now = clock_monotonic()) < deadline) {
		uint64_t left = (deadline - now + MILLISECOND - 1) / MILLISECOND;

		if (poll(sources, 2, (int)left) < 0 && errno != EINTR)
			return log_fail(-errno, "wait for the time to read again");
		if (sources[0].revents || sources[1].revents & (POLLHUP | POLLERR))
			return 1;
		wish = watch->screen ? screen_wish() : SCREEN_WISH_NONE;
		if (wish == SCREEN_WISH_END)
			return 1;
		if (wish == SCREEN_WISH_REDRAW && watch->difference.count)
			draw(watch);
	}
	return 0;
}

static int loop(struct watch *watch)
{
	uint64_t interval = watch->interval * MILLISECOND;
	uint64_t deadline = watch->before_at;
	int err = 0;

	if (watch->screen)
		screen_draw("counting, q ends");
	for (unsigned int shown = 0; !err && (!watch->count || shown < watch->count); shown++) {
		deadline += interval;
		if (deadline < clock_monotonic())
			deadline = clock_monotonic();
		err = wait_until(watch, deadline);
		if (!err)
			err = step(watch);
	}
	return err > 0 ? 0 : err;
}

static int open_signals(struct watch *watch)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	if (sigprocmask(SIG_BLOCK, &signals, NULL))
		return log_fail(-errno, "block SIGINT and SIGTERM");
	watch->signals = signalfd(-1, &signals, SFD_CLOEXEC);
	return watch->signals < 0 ? log_fail(-errno, "open a signalfd") : 0;
}

static int run(const struct options *options, int argc, char **argv)
{
	struct watch watch = { .options = options, .interval = 1000, .signals = -1 };
	int err = arguments_parse(cmd_watch.name, arguments, argc, argv, &watch);

	if (!err)
		err = choose_interface(&watch);
	if (!err)
		err = open_signals(&watch);
	if (err)
		return err;
	watch.format.exact = options->exact;
	watch.format.colour = terminal_has_colour();
	watch.format.unicode = terminal_has_unicode();
	err = read_counters(&watch, &watch.before);
	watch.before_at = clock_monotonic();
	if (!err && !options->json && terminal_present() && isatty(STDIN_FILENO)) {
		err = screen_open();
		watch.screen = !err;
	}
	if (watch.screen)
		log_hold(); /* words would be lost on it */
	if (!err)
		err = loop(&watch);
	if (watch.screen) {
		screen_close();
		log_release_and_tell();
	}
	snapshot_close(&watch.before);
	snapshot_close(&watch.difference);
	close(watch.signals);
	return err;
}

const struct command cmd_watch = {
	.name = "watch",
	.help = "rates per second, redrawn in place on a terminal",
	.arguments = arguments,
	.run = run,
};
