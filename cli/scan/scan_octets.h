/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scan_octets.h - the octets of one open file, plain or compressed (scan_inflate.h), from its start
 * to its end.
 *
 * A plain file's octets go straight into the caller's memory. A compressed one that swells beyond
 * LIMIT_SCAN_SWELL octets and LIMIT_SCAN_RATIO times what was read for them is given up: no mail
 * is like that.
 */
#ifndef CLI_SCAN_OCTETS_H
#define CLI_SCAN_OCTETS_H

#include "cli/scan/scan_inflate.h"

enum octets_status {
	OCTETS_OK,
	OCTETS_END,
	OCTETS_ERROR,  /* errno says which */
	OCTETS_BROKEN, /* compressed, and cut off or damaged */
	OCTETS_SWOLLEN,
	OCTETS_UNREADABLE, /* a form that is not read */
	OCTETS_STATUS_COUNT,
};
/* In words for people; of OCTETS_ERROR those of errno. */
const char *octets_trouble(enum octets_status s);

struct octets {
	int fd;
	int wake_fd; /* -1: none */
	bool begun, at_end;
	struct inflate *inflate; /* NULL: plain */
	char *raw;               /* compressed octets, OCTETS_RAW of room */
	struct slice in;         /* what is left of them */
	uint64_t raw_total, total;
};

enum {
	OCTETS_RAW = 64 * 1024,
	OCTETS_LEAST = 64, /* room that octets_read needs */
};

/* Takes fd over. While nothing comes out of a pipe or terminal, wake_fd is looked at: once that is
 * readable, all ends with OCTETS_ERROR and EINTR. */
void octets_open(struct octets *o, int fd, int wake_fd);
/* 1..room octets on OCTETS_OK. On trouble *ret_n may be above 0 as well: what came before it. */
enum octets_status octets_read(struct octets *o, char *to, size_t room, size_t *ret_n);
void octets_close(struct octets *o);

#endif
