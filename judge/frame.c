/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * frame.c - writing and reading frames.
 *
 * Sockets are used with MSG_DONTWAIT, whatever their own flags say: the other side of a pair may
 * have been made by somebody else. Only send, recv and poll are needed, which is what the sealed
 * judge may call. Small frames go out in one call, so that the other side wakes once.
 *
 * The reader takes what the socket has, up to READ_STEP or the frame that is being read, and hands
 * frames out of its buffer; a frame's octets are moved only when the room behind them is short.
 */
#include "judge/frame.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum {
	WRITE_TOGETHER = 1024, /* octets of payload that are copied behind the head */
	READ_STEP = 16 * 1024,
};

int64_t frame_clock(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static enum frame_result wait_for(int fd, short events, int64_t deadline)
{
	for (;;) {
		int timeout = -1;
		if (deadline >= 0) {
			int64_t left = deadline - frame_clock();
			if (left <= 0)
				return FRAME_LATE;
			timeout = left > INT_MAX ? INT_MAX : (int)left;
		}
		struct pollfd p = {.fd = fd, .events = events};
		int rc = poll(&p, 1, timeout);
		if (rc > 0)
			return FRAME_OK; /* an error shows in the call that follows */
		if (rc < 0 && errno != EINTR)
			return FRAME_ERROR;
	}
}

/* -- writing -------------------------------------------------------------------------------- */

static enum frame_result send_all(int fd, const char *p, size_t n, int64_t deadline)
{
	while (n) {
		ssize_t sent = send(fd, p, n, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (sent >= 0) {
			p += sent;
			n -= (size_t)sent;
			continue;
		}
		if (errno == EPIPE || errno == ECONNRESET)
			return FRAME_EOF;
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			return FRAME_ERROR;
		enum frame_result waited = wait_for(fd, POLLOUT, deadline);
		if (waited != FRAME_OK)
			return waited;
	}
	return FRAME_OK;
}

static void put_head(char *to, enum frame_kind kind, size_t n)
{
	to[0] = (char)(n >> 24 & 0xff);
	to[1] = (char)(n >> 16 & 0xff);
	to[2] = (char)(n >> 8 & 0xff);
	to[3] = (char)(n & 0xff);
	to[4] = (char)kind;
}

enum frame_result frame_write(int fd, enum frame_kind kind, struct slice payload, int64_t deadline)
{
	if (payload.n > LIMIT_FRAME)
		return FRAME_NONSENSE;
	char first[FRAME_HEAD + WRITE_TOGETHER];
	size_t together = payload.n < WRITE_TOGETHER ? payload.n : WRITE_TOGETHER;
	put_head(first, kind, payload.n);
	if (together)
		memcpy(first + FRAME_HEAD, payload.p, together);
	enum frame_result r = send_all(fd, first, FRAME_HEAD + together, deadline);
	if (r == FRAME_OK && together < payload.n)
		r = send_all(fd, payload.p + together, payload.n - together, deadline);
	return r;
}

void frame_begin(struct str *frame, enum frame_kind kind)
{
	char head[FRAME_HEAD];
	put_head(head, kind, 0);
	str_reset(frame);
	str_add(frame, head, sizeof head);
}

void frame_end(struct str *frame)
{
	if (!frame->failed)
		put_head(frame->p, (enum frame_kind)frame->p[4], frame->n - FRAME_HEAD);
}

static enum frame_result check_frame(const struct str *frame)
{
	if (frame->failed) {
		errno = ENOMEM;
		return FRAME_ERROR;
	}
	return frame->n > FRAME_HEAD + (size_t)LIMIT_FRAME ? FRAME_NONSENSE : FRAME_OK;
}

enum frame_result frame_send(int fd, const struct str *frame, int64_t deadline)
{
	enum frame_result r = check_frame(frame);
	return r == FRAME_OK ? send_all(fd, frame->p, frame->n, deadline) : r;
}

enum frame_result frame_try(int fd, const struct str *frame)
{
	enum frame_result r = check_frame(frame);
	if (r != FRAME_OK)
		return r;
	ssize_t sent = send(fd, frame->p, frame->n, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (sent == (ssize_t)frame->n)
		return FRAME_OK;
	if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
		return FRAME_LATE;
	if (sent < 0 && (errno == EPIPE || errno == ECONNRESET))
		return FRAME_EOF;
	if (sent >= 0)
		errno = EMSGSIZE;
	return FRAME_ERROR;
}

/* -- reading -------------------------------------------------------------------------------- */

void frame_reader_init(struct frame_reader *r, int fd)
{
	*r = (struct frame_reader){.fd = fd};
}

void frame_reader_free(struct frame_reader *r)
{
	if (!r)
		return;
	free(r->buffer);
	*r = (struct frame_reader){.fd = -1};
}

/* Room for `need` octets behind what is there. */
static bool make_room(struct frame_reader *r, size_t need)
{
	if (r->room - r->end >= need)
		return true;
	size_t held = r->end - r->start;
	if (held + need > r->room) {
		size_t room = held + (need > READ_STEP ? need : READ_STEP);
		char *buffer = malloc(room);
		if (!buffer)
			return false;
		if (held)
			memcpy(buffer, r->buffer + r->start, held);
		free(r->buffer);
		r->buffer = buffer;
		r->room = room;
	} else {
		memmove(r->buffer, r->buffer + r->start, held);
	}
	r->start = 0;
	r->end = held;
	return true;
}

/* Octets that are missing from the frame at the start of the buffer; 0: it is whole. */
static enum frame_result missing(const struct frame_reader *r, size_t most, size_t *ret_missing)
{
	size_t held = r->end - r->start;
	if (held < FRAME_HEAD) {
		*ret_missing = FRAME_HEAD - held;
		return FRAME_OK;
	}
	const unsigned char *h = (const unsigned char *)r->buffer + r->start;
	size_t n = (size_t)h[0] << 24 | (size_t)h[1] << 16 | (size_t)h[2] << 8 | h[3];
	if (n > most || h[4] >= FRAME_KIND_COUNT)
		return FRAME_NONSENSE;
	*ret_missing = held < FRAME_HEAD + n ? FRAME_HEAD + n - held : 0;
	return FRAME_OK;
}

static enum frame_result read_some(struct frame_reader *r, size_t need, int64_t deadline)
{
	if (!make_room(r, need)) {
		errno = ENOMEM;
		return FRAME_ERROR;
	}
	for (;;) {
		ssize_t n = recv(r->fd, r->buffer + r->end, r->room - r->end, MSG_DONTWAIT);
		if (n > 0) {
			r->end += (size_t)n;
			r->total += (size_t)n;
			return FRAME_OK;
		}
		if (n == 0 || errno == ECONNRESET)
			return FRAME_EOF;
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			return FRAME_ERROR;
		enum frame_result waited = wait_for(r->fd, POLLIN, deadline);
		if (waited != FRAME_OK)
			return waited;
	}
}

enum frame_result frame_read(struct frame_reader *r, size_t most, int64_t deadline,
			     enum frame_kind *ret_kind, struct slice *ret_payload)
{
	if (r->start == r->end)
		r->start = r->end = 0;
	for (;;) {
		size_t need;
		enum frame_result result = missing(r, most, &need);
		if (result != FRAME_OK)
			return result;
		if (need == 0)
			break;
		result = read_some(r, need, deadline);
		if (result != FRAME_OK)
			return result;
	}
	const char *frame = r->buffer + r->start;
	size_t n = 0;
	for (int i = 0; i < 4; i++)
		n = n << 8 | (unsigned char)frame[i];
	*ret_kind = (enum frame_kind)frame[4];
	*ret_payload = (struct slice){frame + FRAME_HEAD, n};
	r->start += FRAME_HEAD + n;
	return FRAME_OK;
}
