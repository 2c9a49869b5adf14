// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * An HTTP server in a process of its own.
 */
#include <arpa/inet.h>
#include <event2/event.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "http_child.h"

#define RECEIVED_MAX (64 * 1024 * 1024)

static void on_signal(evutil_socket_t signal_number, short what, void *context)
{
	(void)signal_number;
	(void)what;
	event_base_loopbreak(context);
}

static _Noreturn void serve(const struct http_service *service, int tell)
{
	struct event_base *base = event_base_new();
	struct event *end = evsignal_new(base, SIGTERM, on_signal, base);
	in_port_t port = service->open(base);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	event_add(end, NULL);
	if (write(tell, &port, sizeof(port)) != sizeof(port))
		abort();
	close(tell);
	event_base_dispatch(base);
	service->close();
	event_free(end);
	event_base_free(base);
	libevent_global_shutdown();
	exit(EXIT_SUCCESS);
}

void http_child_start(struct http_child *child, const struct http_service *service)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	child->pid = fork();
	assert_true(child->pid >= 0);
	if (!child->pid) {
		close(ends[0]);
		serve(service, ends[1]);
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], &child->port, sizeof(child->port)), sizeof(child->port));
	close(ends[0]);
}

void http_child_stop(struct http_child *child)
{
	int status;

	assert_int_equal(kill(child->pid, SIGTERM), 0);
	assert_int_equal(waitpid(child->pid, &status, 0), child->pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EXIT_SUCCESS);
}

int http_child_connect(const struct http_child *child)
{
	const struct timeval patience = { .tv_sec = 20 };
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(child->port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

int http_child_send(int fd, const void *bytes, size_t size)
{
	return send(fd, bytes, size, MSG_NOSIGNAL) == (ssize_t)size ? 0 : -1;
}

char *http_child_receive(int fd)
{
	size_t size = 0, room = 4096;
	char *text = malloc(room);
	ssize_t more;

	assert_non_null(text);
	while ((more = recv(fd, text + size, room - size - 1, 0)) > 0) {
		size += (size_t)more;
		if (room - size > 1)
			continue;
		room *= 2;
		assert_true(room < RECEIVED_MAX);
		text = realloc(text, room);
		assert_non_null(text);
	}
	text[size] = '\0';
	close(fd);
	return text;
}

char *http_child_exchange(const struct http_child *child, const char *text)
{
	int fd = http_child_connect(child);

	http_child_send(fd, text, strlen(text));
	return http_child_receive(fd);
}
