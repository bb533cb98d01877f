/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * frame.h - frames on the stream between listener and judge: 32-bit length of the payload, one
 * octet of kind, payload. Both sides treat the other as hostile: lengths are checked before
 * anything is allocated, and every wait ends at a deadline.
 */
#ifndef JUDGE_FRAME_H
#define JUDGE_FRAME_H

#include "base/limits.h"
#include "base/str.h"

enum frame_kind {
	FRAME_REQUEST,  /* to the judge: see request.h */
	FRAME_BODY,     /* to the judge: octets of the body */
	FRAME_END,      /* to the judge: u8, 1 if the body was cut */
	FRAME_QUESTION, /* from the judge: question_pack */
	FRAME_ANSWER,   /* to the judge: answer_pack */
	FRAME_RECORD,   /* from the judge, after PROOF: u64 nonce, finding_pack; the last one */
	FRAME_PROOF,    /* from the judge, after END: u64 nonce, finding_pack_proof */
	FRAME_KIND_COUNT,
};

enum frame_result {
	FRAME_OK,
	FRAME_EOF,      /* the other side is gone */
	FRAME_LATE,     /* the deadline passed */
	FRAME_NONSENSE, /* length or kind out of range */
	FRAME_ERROR,    /* errno says */
};

enum {
	FRAME_HEAD = 5, /* octets before the payload */
};

/* Deadlines are CLOCK_MONOTONIC milliseconds; frame_clock() reads that clock. -1: wait for ever.
 * A deadline that has passed still lets done what can be done without waiting. */
int64_t frame_clock(void);

/* Writes a whole frame to a socket. Never raises SIGPIPE. After anything but FRAME_OK a part may
 * have been written: the stream is of no more use. */
enum frame_result frame_write(int fd, enum frame_kind kind, struct slice payload, int64_t deadline);

/* The same without copying: what is packed between begin and end is the payload.
 * FRAME_NONSENSE: more than LIMIT_FRAME; FRAME_ERROR with ENOMEM: the buffer has failed. */
void frame_begin(struct str *frame, enum frame_kind kind);
void frame_end(struct str *frame);
enum frame_result frame_send(int fd, const struct str *frame, int64_t deadline);
/* All of it at once, without waiting, or FRAME_LATE and nothing of it. */
enum frame_result frame_try(int fd, const struct str *frame);

/* Reads whole frames through a buffer of its own. */
struct frame_reader {
	int fd;
	char *buffer;
	size_t room;
	size_t start, end; /* what is in the buffer and not handed out yet */
	size_t total;      /* octets read so far, for LIMIT_BABBLE */
};
void frame_reader_init(struct frame_reader *r, int fd);
void frame_reader_free(struct frame_reader *r); /* does not close fd */
/* ret_payload is valid until the next call. most: largest payload taken. After FRAME_LATE it may
 * be called again: what has come of a frame is kept. An end in the midst of a frame is FRAME_EOF.
 */
enum frame_result frame_read(struct frame_reader *r, size_t most, int64_t deadline,
			     enum frame_kind *ret_kind, struct slice *ret_payload);

#endif
