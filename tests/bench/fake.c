/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fake.c - a filter's end of a connection, for tests of the client. See fake.h.
 */
#include "tests/bench/fake.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libmilter/mfdef.h>

#include "tests/rules/table.h"

enum { TIMEOUT_MS = 5000 };

void fake_open(struct fake *f, struct wire **ret_wire)
{
	int pair[2];

	memset(f, 0, sizeof(*f));
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	f->fd = pair[0];
	assert_int_equal(wire_adopt(pair[1], TIMEOUT_MS, ret_wire), 0);
}

void fake_terms(struct fake *f, uint32_t version, uint32_t actions, uint32_t steps)
{
	uint32_t terms[3] = {htonl(version), htonl(actions), htonl(steps)};

	fake_reply(f, SMFIC_OPTNEG, terms, sizeof(terms));
}

struct dialogue *fake_dialogue(struct fake *f, uint32_t steps)
{
	char fault[160] = "";
	struct dialogue *d;
	struct wire *wire;

	fake_open(f, &wire);
	fake_terms(f, WIRE_VERSION, WIRE_ACTIONS, steps);
	d = dialogue_start(wire, fault, sizeof(fault));
	CHECK(d != NULL, "%s", fault);
	return d;
}

void fake_reply(struct fake *f, char command, const void *data, size_t len)
{
	uint32_t net = htonl((uint32_t)len + 1);

	assert_int_equal(write(f->fd, &net, sizeof(net)), sizeof(net));
	assert_int_equal(write(f->fd, &command, 1), 1);
	if (len > 0)
		assert_int_equal(write(f->fd, data, len), len);
}

void fake_replies(struct fake *f, const char *commands)
{
	for (; *commands != '\0'; commands++)
		fake_reply(f, *commands, NULL, 0);
}

void fake_hang_up(struct fake *f)
{
	assert_int_equal(shutdown(f->fd, SHUT_WR), 0);
}

/* Reads just so many octets; false at the end. */
static bool read_exactly(int fd, char *to, size_t len)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = read(fd, to + done, len - done);

		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

static void note_macros(struct fake *f, const char *data, size_t len)
{
	size_t out = 0;

	for (size_t i = 1; i < len && out + 1 < sizeof(f->last_macros);) {
		const char *name = data + i, *value = name + strlen(name) + 1;

		out += (size_t)snprintf(f->last_macros + out, sizeof(f->last_macros) - out,
					"%s=%s ", name, value);
		i += strlen(name) + strlen(value) + 2;
	}
}

static void note(struct fake *f, char command, const char *data, size_t len)
{
	size_t at = strlen(f->log);

	if (command == SMFIC_MACRO)
		note_macros(f, data, len);
	if (command == SMFIC_HEADER)
		snprintf(f->last_header, sizeof(f->last_header), "%s:%s", data,
			 data + strlen(data) + 1);
	if (command == SMFIC_BODY) {
		f->body_chunks++;
		f->longest_body = len > f->longest_body ? len : f->longest_body;
	}
	snprintf(f->log + at, sizeof(f->log) - at, command == SMFIC_MACRO ? "%s%c%c" : "%s%c",
		 at > 0 ? " " : "", command, len > 0 ? data[0] : '-');
}

void fake_read(struct fake *f)
{
	char frame[5];

	while (read_exactly(f->fd, frame, sizeof(frame))) {
		uint32_t net;
		char *data;
		size_t len;

		memcpy(&net, frame, sizeof(net));
		len = ntohl(net) - 1;
		data = calloc(1, len + 2); /* strings that lost their NUL end all the same */
		assert_non_null(data);
		assert_true(read_exactly(f->fd, data, len));
		note(f, frame[4], data, len);
		free(data);
	}
	close(f->fd);
}
