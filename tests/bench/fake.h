/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fake.h - for tests of the client: a filter's end of a connection, whose replies are written
 * before they are asked for and whose received packets are read when all is over. Everything is
 * small enough for the socket's buffer, so one thread does it.
 */
#ifndef TESTS_BENCH_FAKE_H
#define TESTS_BENCH_FAKE_H

#include <stddef.h>
#include <stdint.h>

#include "tests/bench/dialogue.h"

struct fake {
	int fd;
	char log[512]; /* commands received: "O DC C …", D with the event that the macros are for */
	char last_header[256]; /* "name:value" of the last one received */
	char last_macros[256]; /* "name=value " … of the last MACRO with any */
	size_t body_chunks;
	size_t longest_body;
};

/* Makes the pair. Like all here, fails the test where it cannot. */
void fake_open(struct fake *f, struct wire **ret_wire);
/* Makes the pair, answers the offer by these steps and all actions, and negotiates. */
struct dialogue *fake_dialogue(struct fake *f, uint32_t steps);
/* Writes the answer to the offer. */
void fake_terms(struct fake *f, uint32_t version, uint32_t actions, uint32_t steps);
/* Writes a reply: command and data. */
void fake_reply(struct fake *f, char command, const void *data, size_t len);
/* Writes one reply without data for each letter. */
void fake_replies(struct fake *f, const char *commands);
/* No more replies: the client reads an end. */
void fake_hang_up(struct fake *f);
/* Reads all that the client sent, until it closed, and closes. */
void fake_read(struct fake *f);

#endif
