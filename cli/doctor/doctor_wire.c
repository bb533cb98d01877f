/* SPDX-License-Identifier: BSD-2-Clause */
/* doctor_wire.c - see doctor_wire.h. */
#include "cli/doctor/doctor_wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"

enum {
	VERSION = 6,
	ACTIONS = 0x1ff, /* all that there are */
	EVENTS_MOST = 1000,
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool fail(struct doctor_wire *w, const char *what)
{
	snprintf(w->why, sizeof(w->why), "%s", what);
	return false;
}

/* -- connecting ----------------------------------------------------------------------------- */

static bool await(struct doctor_wire *w, short events)
{
	struct pollfd p = {.fd = w->fd, .events = events};
	int64_t left;

	while ((left = w->until - now_ms()) > 0)
		if (poll(&p, 1, (int)left) > 0)
			return true;
	return fail(w, "it is silent");
}

static bool connect_to(struct doctor_wire *w, const struct sockaddr *to, socklen_t n)
{
	int error = 0;
	socklen_t size = sizeof(error);

	w->fd = socket(to->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (w->fd < 0)
		return fail(w, strerror(errno));
	if (connect(w->fd, to, n) == 0)
		return true;
	error = errno;
	if (error == EINPROGRESS || error == EAGAIN) {
		if (!await(w, POLLOUT))
			return false;
		getsockopt(w->fd, SOL_SOCKET, SO_ERROR, &error, &size);
	}
	return error == 0 || fail(w, strerror(error));
}

static bool connect_inet(struct doctor_wire *w, const char *rest)
{
	const char *at = strchr(rest, '@');
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV}, *list;
	char port[8];
	bool good;

	if (at == NULL ||
	    !slice_copy((struct slice){rest, (size_t)(at - rest)}, port, sizeof(port)))
		return fail(w, "no PORT@HOST");
	if (getaddrinfo(at + 1, port, &hints, &list) != 0)
		return fail(w, "its host is not known");
	good = connect_to(w, list->ai_addr, list->ai_addrlen);
	freeaddrinfo(list);
	return good;
}

static bool connect_local(struct doctor_wire *w, const char *path)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};

	if (!slice_copy(slice_of(path), to.sun_path, sizeof(to.sun_path)))
		return fail(w, "its path is too long");
	return connect_to(w, (const struct sockaddr *)&to, sizeof(to));
}

/* -- packets -------------------------------------------------------------------------------- */

static bool put(struct doctor_wire *w, char command, const void *data, size_t n)
{
	struct str packet = {0};
	const uint32_t length = htonl((uint32_t)n + 1);
	bool good = true;

	str_add(&packet, &length, sizeof(length));
	str_putc(&packet, command);
	str_add(&packet, data, n);
	for (size_t at = 0; good && at < packet.n;) {
		const ssize_t sent =
		    send(w->fd, packet.p + at, packet.n - at, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (sent > 0)
			at += (size_t)sent;
		else if (errno == EAGAIN || errno == EINTR)
			good = await(w, POLLOUT);
		else
			good = fail(w, strerror(errno));
	}
	str_free(&packet);
	return good;
}

static bool read_all(struct doctor_wire *w, void *to, size_t n)
{
	char *p = to;

	while (n > 0) {
		if (!await(w, POLLIN))
			return false;
		const ssize_t got = recv(w->fd, p, n, MSG_DONTWAIT);

		if (got == 0)
			return fail(w, "it hangs up");
		if (got < 0 && errno != EAGAIN && errno != EINTR)
			return fail(w, strerror(errno));
		p += got > 0 ? got : 0;
		n -= got > 0 ? (size_t)got : 0;
	}
	return true;
}

static bool get(struct doctor_wire *w, char *ret_command, struct str *data)
{
	char chunk[4096];
	uint32_t length;

	str_reset(data);
	if (!read_all(w, &length, sizeof(length)))
		return false;
	length = ntohl(length);
	if (length < 1 || length > LIMIT_FILTER_PACKET)
		return fail(w, "it does not speak the milter protocol");
	if (!read_all(w, ret_command, 1))
		return false;
	for (length--; length > 0;) {
		const size_t n = length < sizeof(chunk) ? length : sizeof(chunk);

		if (!read_all(w, chunk, n))
			return false;
		str_add(data, chunk, n);
		length -= (uint32_t)n;
	}
	return !data->failed;
}

bool doctor_wire_open(const char *socket, struct doctor_wire *ret_wire)
{
	struct doctor_wire *w = ret_wire;
	const char *colon = strchr(socket, ':');
	const uint32_t offer[3] = {htonl(VERSION), htonl(ACTIONS), 0};
	struct str data = {0};
	char command;
	bool good;

	*w = (struct doctor_wire){.fd = -1, .until = now_ms() + DOCTOR_WIRE_SECONDS * 1000};
	good = colon != NULL && (strncmp(socket, "inet", 4) == 0 ? connect_inet(w, colon + 1)
								 : connect_local(w, colon + 1));
	good = good && put(w, 'O', offer, sizeof(offer)) && get(w, &command, &data);
	if (good && (command != 'O' || data.n < sizeof(offer)))
		good = fail(w, "it does not negotiate");
	str_free(&data);
	if (!good)
		doctor_wire_close(w);
	return good;
}

void doctor_wire_close(struct doctor_wire *w)
{
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
}

/* -- a message ------------------------------------------------------------------------------ */

/* An event and its answer, which must be "go on", or the last one. */
static bool event(struct doctor_wire *w, char command, const char *data, size_t n, char *ret_answer)
{
	struct str answer = {0};
	bool good = put(w, command, data, n) && get(w, ret_answer, &answer);

	str_free(&answer);
	return good;
}

/* "NAME\0VALUE\0" at the end of an edit's data. */
static bool names_ours(const struct str *data, bool *ret_empty)
{
	const char *p = str_text(data) + 4;
	const size_t n = data->n > 4 ? data->n - 4 : 0;
	const char *end = n > 0 ? memchr(p, '\0', n) : NULL;

	if (end == NULL || !str_same_nocase(p, "X-Keepname"))
		return false;
	*ret_empty = (size_t)(end - p) + 2 <= n && end[1] == '\0';
	return true;
}

/* Reads edits until the final answer. */
static bool read_edits(struct doctor_wire *w, struct doctor_edits *e)
{
	struct str data = {0};
	bool good = put(w, 'E', NULL, 0), empty = false;

	for (int i = 0; good && i < EVENTS_MOST; i++) {
		good = get(w, &e->last, &data);
		if (!good || strchr("carydtq", e->last) != NULL)
			break;
		if ((e->last == 'm' || e->last == 'i') && names_ours(&data, &empty)) {
			e->deleted += e->last == 'm' && empty;
			e->inserted += !empty;
		}
	}
	str_free(&data);
	return good;
}

bool doctor_wire_forged(struct doctor_wire *w, struct doctor_edits *ret_edits)
{
	/* Strings with the NUL at their end. From an address of documentation: no network that
	 * anybody trusts. */
#define EVENT(command, text)                \
	{                                   \
		command, text, sizeof(text) \
	}
	static const struct {
		char command;
		const char *data;
		size_t n;
	} events[] = {
	    EVENT('C', "doctor.keepname.example\0"
		       "4\0\0"
		       "192.0.2.1"),
	    EVENT('H', "doctor.keepname.example"),
	    EVENT('M', "<doctor@keepname.example>"),
	    EVENT('R', "<nobody@keepname.example>"),
	    EVENT('L', "From\0doctor@keepname.example"),
	    EVENT('L', "X-Keepname\0genuine; class=verification; by=forger.example"),
	    EVENT('L', "Subject\0keepname doctor"),
	    EVENT('L', "x-KEEPNAME\0genuine"),
	    {'N', "", 0},
	    {'B', "keepname doctor\r\n", 17},
	};
#undef EVENT
	struct doctor_edits e = {0};
	char answer = 'c';

	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		if (!event(w, events[i].command, events[i].data, events[i].n, &answer))
			return false;
		if (answer == 's')
			continue;
		if (answer != 'c') {
			*ret_edits = (struct doctor_edits){.last = answer};
			return true;
		}
	}
	if (!read_edits(w, &e))
		return false;
	put(w, 'Q', NULL, 0);
	*ret_edits = e;
	return true;
}
