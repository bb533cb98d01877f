/* SPDX-License-Identifier: BSD-2-Clause */
/* scan_octets.c - see scan_octets.h. */
#include "cli/scan/scan_octets.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"

const char *octets_trouble(enum octets_status s)
{
	static const char *const words[OCTETS_STATUS_COUNT] = {
	    [OCTETS_OK] = "",
	    [OCTETS_END] = "",
	    [OCTETS_BROKEN] = "compressed, and damaged or cut off",
	    [OCTETS_SWOLLEN] = "compressed, and swells beyond all reason",
	    [OCTETS_UNREADABLE] = "compressed with LZ4, which is not read",
	};

	return s == OCTETS_ERROR ? strerror(errno) : words[s];
}

void octets_open(struct octets *o, int fd, int wake_fd)
{
	*o = (struct octets){.fd = fd, .wake_fd = wake_fd};
}

void octets_close(struct octets *o)
{
	inflate_free(o->inflate);
	free(o->raw);
	if (o->fd >= 0)
		close(o->fd);
	*o = (struct octets){.fd = -1};
}

/* Until there is something to read; false when woken up. */
static bool await_octets(const struct octets *o)
{
	struct pollfd p[] = {{.fd = o->fd, .events = POLLIN}, {.fd = o->wake_fd, .events = POLLIN}};

	while (poll(p, 2, -1) < 0 && errno == EINTR)
		;
	if (p[1].revents == 0)
		return true;
	errno = EINTR;
	return false;
}

/* The next octets as they lie in the file; at the end none, and at_end. */
static bool read_raw(struct octets *o, char *to, size_t room, size_t *ret_n)
{
	ssize_t n;

	do {
		if (o->wake_fd >= 0 && !await_octets(o))
			return false;
		n = read(o->fd, to, room);
	} while (n < 0 && (errno == EINTR || (errno == EAGAIN && o->wake_fd >= 0)));
	if (n < 0)
		return false;
	o->at_end = n == 0;
	o->raw_total += (uint64_t)n;
	*ret_n = (size_t)n;
	return true;
}

/* The first octets, which say what the file is. A pipe may give fewer at a time. */
static enum octets_status begin(struct octets *o, char *to, size_t room, size_t *ret_n)
{
	enum inflate_form form;
	size_t n = 0;

	o->begun = true;
	do {
		size_t more = 0;

		if (!read_raw(o, to + n, room - n, &more))
			return OCTETS_ERROR;
		n += more;
	} while (n < INFLATE_MAGIC && !o->at_end);
	form = inflate_form_of((struct slice){to, n});
	*ret_n = n;
	if (form == INFLATE_PLAIN)
		return n > 0 ? OCTETS_OK : OCTETS_END;
	*ret_n = 0;
	if (form == INFLATE_LZ4)
		return OCTETS_UNREADABLE;
	o->inflate = inflate_begin(form);
	o->raw = malloc(OCTETS_RAW);
	if (o->inflate == NULL || o->raw == NULL) {
		errno = ENOMEM;
		return OCTETS_ERROR;
	}
	memcpy(o->raw, to, n);
	o->in = (struct slice){o->raw, n};
	return OCTETS_OK;
}

static enum octets_status read_inflated(struct octets *o, char *to, size_t room, size_t *ret_n)
{
	enum inflate_status status = INFLATE_MORE;
	size_t n = 0;

	while (n == 0 && status == INFLATE_MORE) {
		if (o->in.n == 0 && !o->at_end) {
			size_t more = 0;

			if (!read_raw(o, o->raw, OCTETS_RAW, &more))
				return OCTETS_ERROR;
			o->in = (struct slice){o->raw, more};
		}
		status = inflate_step(o->inflate, &o->in, o->at_end, to, room, &n);
	}
	*ret_n = n;
	o->total += n;
	if (status == INFLATE_BROKEN)
		return OCTETS_BROKEN;
	if (o->total > LIMIT_SCAN_SWELL && o->total / LIMIT_SCAN_RATIO > o->raw_total)
		return OCTETS_SWOLLEN;
	return n > 0 ? OCTETS_OK : OCTETS_END;
}

enum octets_status octets_read(struct octets *o, char *to, size_t room, size_t *ret_n)
{
	*ret_n = 0;
	if (!o->begun) {
		const enum octets_status status =
		    begin(o, to, room < OCTETS_RAW ? room : OCTETS_RAW, ret_n);

		if (status != OCTETS_OK || o->inflate == NULL)
			return status;
	}
	if (o->inflate != NULL)
		return read_inflated(o, to, room, ret_n);
	if (!read_raw(o, to, room, ret_n))
		return OCTETS_ERROR;
	return *ret_n > 0 ? OCTETS_OK : OCTETS_END;
}
