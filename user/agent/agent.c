// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * When things are done: the event loop, and what wakes it. What is done lies in keeper.c and
 * publisher.c. It talks to no kernel itself but by way of those. A second loop, in a thread
 * of its own, serves what hangs on the board, however long anything takes here.
 */
#include "agent/agent.h"

#include <errno.h>
#include <event2/event.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "kernel/capability.h"
#include "agent/documents.h"
#include "agent/publisher.h"
#include "agent/keeper.h"
#include "agent/notify.h"
#include "base/log.h"
#include "kernel/pin_root.h"
#include "base/moment.h"
#include "agent/trial.h"
#include "agent/watcher.h"

/* Changes come in swarms; what a swarm leaves is looked at once. */
#define SETTLE_INTERFACES (NANOSECONDS / 10)
#define SETTLE_FILES	  (NANOSECONDS / 5)

enum source {
	SOURCE_SIGNALS,	   /* signalfd has one */
	SOURCE_INTERFACES, /* rtnetlink has something to read */
	SOURCE_FILES,	   /* inotify has */
	SOURCE_UPDATE,	   /* time to look after the interfaces */
	SOURCE_SETTLED,	   /* the files have */
	SOURCE_ALIVE,	   /* time to give a sign of life */
	SOURCE_MAX,
};

struct agent {
	const struct settings *settings;
	struct event_base *base;
	struct event *events[SOURCE_MAX];
	struct table tables[2]; /* the one in use, and room for the next */
	struct table *table;	/* in use; NULL: none yet */
	struct node node;
	struct keeper keeper;
	struct trial trial;
	struct notify notify;
	struct watcher *watcher; /* NULL: there are no files */
	const char *paths[WORDS_MAX + 1];
	struct board *board;
	struct publisher *publisher;
	struct event_base *front;    /* of the thread that serves */
	struct documents *documents; /* on that; NULL: it does not listen */
	pthread_t server;	     /* runs that */
	bool serves;		     /* it runs */
	int changes;		     /* descriptor of interfaces_listen(); 0: none */
	int signals;		     /* descriptor of signalfd(2); 0: none */
};

static void wait_for(struct agent *agent, enum source timer, uint64_t nanoseconds)
{
	const struct timeval time = { (time_t)(nanoseconds / NANOSECONDS),
				      (suseconds_t)(nanoseconds % NANOSECONDS / 1000) };

	event_add(agent->events[timer], &time);
}

/* Loading a program or compiling a table takes megabytes for a moment: give them back. */
static void update(struct agent *agent)
{
	bool changed = false;
	uint64_t wait = keeper_update(&agent->keeper, &changed), trial;

	/* Attaching may show by itself what a trial would. */
	trial = wait ? trial_update(&agent->trial, &agent->node, agent->settings, &changed) : wait;
	wait = trial < wait ? trial : wait;
	board_beat(agent->board);
	wait_for(agent, SOURCE_UPDATE, wait);
	if (!changed)
		return;
	publisher_note_change(agent->publisher);
	malloc_trim(0);
}

/* The table of the files as they are now; @agent keeps the old one if they are bad. */
static int load(struct agent *agent)
{
	bool first = agent->table == &agent->tables[0];
	struct table *fresh = &agent->tables[first];
	int err = table_open(fresh, &agent->settings->table);

	if (err)
		return err;
	board_put_table(agent->board, fresh);
	if (agent->table)
		table_close(agent->table);
	agent->table = fresh;
	agent->node.table = fresh;
	return 0;
}

static void note_load(struct node *node)
{
	node->reload_failed = false;
	node->reloads++;
	node->reloaded = clock_boot();
}

static void reload(struct agent *agent)
{
	const char *failure;
	int err;

	notify_reloading(&agent->notify);
	log_hold();
	err = load(agent);
	failure = log_release();
	if (err) {
		agent->node.reload_failed = true;
		agent->node.reload_failures++;
		log_event(LOG_ERROR, NULL, "the table stays as it was: %s",
			  failure[0] ? failure : outcome_words(err));
	} else {
		note_load(&agent->node);
		log_event(LOG_INFO, NULL, "the table was loaded anew: %u assignments",
			  agent->table->ports->count);
		keeper_refresh(&agent->keeper);
	}
	notify_ready(&agent->notify);
	update(agent);
}

static void end(struct agent *agent, int signal)
{
	log_event(LOG_INFO, NULL, "ends: %s", strsignal(signal));
	notify_stopping(&agent->notify);
	event_base_loopbreak(agent->base);
}

static void hang_up(struct agent *agent)
{
	if (agent->watcher)
		watcher_changed(agent->watcher);
	reload(agent);
}

static void on_signals(evutil_socket_t descriptor, short what, void *context)
{
	struct agent *agent = context;
	struct signalfd_siginfo signal;

	(void)what;
	if (read(descriptor, &signal, sizeof(signal)) != sizeof(signal))
		return;
	if (signal.ssi_signo == SIGHUP)
		hang_up(agent);
	else
		end(agent, (int)signal.ssi_signo);
}

/*
 * A descriptor that they are read from, not a handler that could fail to pass them on. Who
 * ignored them before us, as shells do in the background, does so no more. -errno, said.
 */
static int take_signals(void)
{
	static const int taken[] = { SIGTERM, SIGINT, SIGHUP };
	sigset_t set;
	int descriptor;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		sigaddset(&set, taken[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		signal(taken[i], SIG_DFL);
	descriptor = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return descriptor < 0 ? log_fail(-errno, "listen to signals") : descriptor;
}

static void on_interfaces(evutil_socket_t descriptor, short what, void *context)
{
	struct agent *agent = context;

	(void)what;
	struct interfaces_news news = interfaces_news(descriptor);

	if (!news.changed || !keeper_note_change(&agent->keeper, news.deleted))
		return;
	wait_for(agent, SOURCE_UPDATE, SETTLE_INTERFACES);
}

static void on_files(evutil_socket_t descriptor, short what, void *context)
{
	struct agent *agent = context;

	(void)descriptor;
	(void)what;
	watcher_drain(agent->watcher);
	if (!event_pending(agent->events[SOURCE_SETTLED], EV_TIMEOUT, NULL))
		wait_for(agent, SOURCE_SETTLED, SETTLE_FILES);
}

static void on_update(evutil_socket_t descriptor, short what, void *context)
{
	(void)descriptor;
	(void)what;
	update(context);
}

static void on_settled(evutil_socket_t descriptor, short what, void *context)
{
	struct agent *agent = context;

	(void)descriptor;
	(void)what;
	if (watcher_changed(agent->watcher))
		reload(agent);
}

static void on_alive(evutil_socket_t descriptor, short what, void *context)
{
	struct agent *agent = context;

	(void)descriptor;
	(void)what;
	notify_alive(&agent->notify);
	wait_for(agent, SOURCE_ALIVE, agent->notify.interval);
}

/* Files that a later change of is to be noticed. */
static int watch_files(struct agent *agent)
{
	const struct table_arguments *files = &agent->settings->table;
	size_t count = 0;

	if (files->registry)
		agent->paths[count++] = files->registry;
	for (size_t i = 0; i < files->overlays.count; i++)
		agent->paths[count++] = files->overlays.words[i];
	return count ? watcher_open(&agent->watcher, agent->paths, count) : 0;
}

static int listen_to(struct agent *agent)
{
	const int files = agent->watcher ? watcher_descriptor(agent->watcher) : -1;
	const struct {
		int descriptor;
		short what;
		event_callback_fn call;
	} sources[SOURCE_MAX] = {
		[SOURCE_SIGNALS] = { agent->signals, EV_READ | EV_PERSIST, on_signals },
		[SOURCE_INTERFACES] = { agent->changes, EV_READ | EV_PERSIST, on_interfaces },
		[SOURCE_FILES] = { files, EV_READ | EV_PERSIST, on_files },
		[SOURCE_UPDATE] = { -1, 0, on_update },
		[SOURCE_SETTLED] = { -1, 0, on_settled },
		[SOURCE_ALIVE] = { -1, 0, on_alive },
	};

	for (size_t i = 0; i < SOURCE_MAX; i++) {
		agent->events[i] = event_new(agent->base, sources[i].descriptor, sources[i].what,
					     sources[i].call, agent);
		if (!agent->events[i])
			return log_fail(-ENOMEM, "make the event loop");
		if (sources[i].descriptor >= 0 && event_add(agent->events[i], NULL))
			return log_fail(OUTCOME_REFUSED, "listen to events");
	}
	return 0;
}

static void *serve(void *context)
{
	const struct agent *agent = context;

	event_base_dispatch(agent->front);
	return NULL;
}

/* Signals are the other thread's, and so are capabilities: this one never has any. */
static int start_server(struct agent *agent)
{
	sigset_t all, before;
	int err;

	if (!agent->documents)
		return 0;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(&agent->server, NULL, serve, agent);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	agent->serves = !err;
	return err ? log_fail(-err, "start the thread that serves") : 0;
}

static void stop_server(struct agent *agent)
{
	if (!agent->serves)
		return;
	board_end(agent->board);
	pthread_join(agent->server, NULL);
}

static int open_http(struct agent *agent)
{
	const struct documents_options options = { .listen = agent->settings->listen,
						   .limits = HTTP_LIMITS_DEFAULT,
						   .hosts = &agent->settings->hosts,
						   .file = settings_file(agent->settings) };

	if (strcmp(options.listen, LISTEN_OFF) == 0)
		return 0;
	agent->front = event_base_new();
	if (!agent->front)
		return log_fail(-ENOMEM, "make the event loop of the server");
	return documents_open(&agent->documents, agent->front, &options, agent->board);
}

/*
 * Ports below 1024 and, on kernels before 5.11, the memory of maps take privileges
 * that are gone after this.
 */
static int give_up_privileges(void)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	struct rlimit files;
	int err;

	setrlimit(RLIMIT_MEMLOCK, &unlimited);
	/* Each interface takes a few descriptors, and the soft limit is for select(2). */
	if (!getrlimit(RLIMIT_NOFILE, &files)) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	err = capability_drop();
	if (err)
		return err;
	capability_raise();
	err = capability_check_attach("agent");
	capability_lower();
	return err;
}

static int make_loop(struct agent *agent)
{
	int err;

	agent->base = event_base_new();
	err = agent->base ? board_open(&agent->board) : -ENOMEM;
	if (!err)
		err = publisher_open(&agent->publisher, agent->base, agent->board, &agent->node);
	return err ? log_fail(err, "make the event loop") : 0;
}

/* What takes privileges that are given up, and then what must not need them. */
static int open_places(struct agent *agent)
{
	int err;

	pin_root_mount();
	err = pin_root_check_mount();
	if (!err)
		err = watch_files(agent);
	if (!err)
		err = open_http(agent);
	if (!err)
		err = give_up_privileges();
	/* With what is left: files that can't be read anew are refused now. */
	return err ? err : load(agent);
}

static int open_agent(struct agent *agent, const struct settings *settings)
{
	int err;

	notify_open(&agent->notify);
	agent->settings = settings;
	agent->node = (struct node){ .sources = settings->table,
				     .wanted = &settings->wanted,
				     .unwanted = &settings->unwanted,
				     .started = clock_boot(),
				     .ready = settings->ready,
				     .series_max = settings->series };
	err = make_loop(agent);
	if (!err)
		err = open_places(agent);
	if (err)
		return err;
	note_load(&agent->node);
	keeper_open(&agent->keeper, settings, &agent->node);
	agent->changes = interfaces_listen(keeper_wants_routes(&agent->keeper));
	if (agent->changes < 0)
		return agent->changes;
	agent->signals = take_signals();
	err = agent->signals < 0 ? agent->signals : listen_to(agent);
	return err ? err : start_server(agent);
}

static void close_agent(struct agent *agent)
{
	stop_server(agent);
	documents_close(agent->documents);
	if (agent->front)
		event_base_free(agent->front);
	publisher_close(agent->publisher);
	board_close(agent->board);
	for (size_t i = 0; i < SOURCE_MAX; i++)
		if (agent->events[i])
			event_free(agent->events[i]);
	if (agent->changes > 0)
		close(agent->changes);
	if (agent->signals > 0)
		close(agent->signals);
	notify_close(&agent->notify);
	watcher_close(agent->watcher);
	keeper_close(&agent->keeper);
	node_close(&agent->node);
	table_close(&agent->tables[0]);
	table_close(&agent->tables[1]);
	if (agent->base)
		event_base_free(agent->base);
	free(agent);
}

static void say_start(const struct agent *agent)
{
	char where[HTTP_ADDRESS_SIZE] = "no address";
	struct http_address address;

	if (agent->documents) {
		address = documents_address(agent->documents);
		http_address_write(where, &address);
	}
	log_event(LOG_INFO, NULL, "portclass " VERSION " started, %u assignments, listening on %s",
		  /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): an open one has it */
		  agent->table->ports->count, where);
}

int agent_run(const struct settings *settings)
{
	struct agent *agent = calloc(1, sizeof(*agent));
	int err = agent ? open_agent(agent, settings) : -ENOMEM;

	signal(SIGPIPE, SIG_IGN);
	/* Or freed memory of a scrape's size would be kept from then on. */
	mallopt(M_MMAP_THRESHOLD, 128 * 1024);
	mallopt(M_ARENA_MAX, 1);
	if (!err) {
		log_set_json(false); /* from now on failures are lines, not the end */
		log_never_wait();
		say_start(agent);
		notify_ready(&agent->notify);
		if (agent->notify.interval)
			wait_for(agent, SOURCE_ALIVE, agent->notify.interval);
		update(agent);
		event_base_dispatch(agent->base);
		if (settings->detach_on_exit)
			keeper_detach(&agent->keeper);
	}
	if (agent)
		close_agent(agent);
	return err;
}
