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
	FRAME_RECORD,   /* from the judge: u64 nonce, finding_pack; the last one */
	FRAME_KIND_COUNT,
};

enum frame_result {
	FRAME_OK,
	FRAME_EOF,      /* the other side is gone */
	FRAME_LATE,     /* the deadline passed */
	FRAME_NONSENSE, /* length or kind out of range */
	FRAME_ERROR,    /* errno says */
};

/* Deadlines are CLOCK_MONOTONIC milliseconds; frame_clock() reads that clock. -1: wait for ever. */
int64_t frame_clock(void);

/* Writes a whole frame; fd is non-blocking. Never raises SIGPIPE. */
enum frame_result frame_write(int fd, enum frame_kind kind, struct slice payload, int64_t deadline);

/* Reads whole frames through a buffer of its own. */
struct frame_reader {
	int fd;
	struct str buffer;
	size_t used;  /* octets of the frame handed out last */
	size_t total; /* octets read so far, for LIMIT_BABBLE */
};
void frame_reader_init(struct frame_reader *r, int fd);
void frame_reader_free(struct frame_reader *r); /* does not close fd */
/* ret_payload is valid until the next call. most: largest payload taken. */
enum frame_result frame_read(struct frame_reader *r, size_t most, int64_t deadline,
			     enum frame_kind *ret_kind, struct slice *ret_payload);

#endif
