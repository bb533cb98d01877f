/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scan.h - what the files of keepname scan share. In the order of the data:
 *
 *   scan.c           options, what is opened, the paths one after another, the exit status
 *   scan_walk.c      folders to files
 *   scan_file.c      a file to mails: one mail, an mbox, what doveadm fetch prints
 *   scan_mail.c      a mail's headers: candidate? Of whom, when and to whom it came
 *   scan_pool.c      candidates to findings, by several judges at a time, in their order
 *   scan_found.c     a finding to a verdict, and what becomes of it: shown, recorded
 *   scan_text.c, scan_json.c   its two forms
 *   scan_maillog.c   lines of a mail log to rejected mails
 *
 * One thread does all of it; the pool's threads do nothing but wait for judges.
 */
#ifndef CLI_SCAN_H
#define CLI_SCAN_H

#include "cli/ground.h"
#include "cli/scan/scan_octets.h"
#include "rules/core/verdict.h"

enum {
	SCAN_HEADERS_MOST = 2 * LIMIT_HEADER_BYTES, /* octets read in search of their end: a mail
						     * with more than half of that is not judged */
};

struct scan_options {
	bool record;
	const char *authserv;  /* NULL: nobody's results are believed */
	const char *recipient; /* NULL: as the mail's headers say */
	const char *maillog;
	const char *resume; /* file of the state */
	int64_t since;      /* delivered before: passed over; INT64_MIN: nothing is */
	char **path;
	size_t path_count;
};

struct scan_counts {
	uint64_t files;     /* opened */
	uint64_t mails;     /* their headers read */
	uint64_t not_mail;  /* files that are something else */
	uint64_t skipped;   /* files and folders passed over, each told */
	uint64_t judged;    /* candidates */
	uint64_t unjudged;  /* that no judge gave an answer for */
	uint64_t undecided; /* that lack an answer of the DNS */
	uint64_t other;     /* mail of listed senders that is of no class */
	uint64_t found;
	uint64_t open, review; /* found, and to be recorded or recorded now */
	uint64_t known;        /* found, and recorded before */
	uint64_t past;         /* found, and due too long ago to be recorded */
	uint64_t unaddressed;  /* found, and not to be recorded without a recipient */
	uint64_t rejected;     /* by the mail log */
};

struct scan_pool;
struct scan_progress;

struct scan {
	const struct cli *cli;
	const struct scan_options *options;
	struct scan_counts count;
	struct ground ground;
	struct candidate_scratch scratch;
	struct store *store; /* NULL: there is none yet */
	struct judges judges;
	struct scan_pool *pool; /* NULL until the first candidate; then judges run */
	struct scan_progress *progress;
	int signal_fd;
	int signal;             /* that ended it, 0: none */
	bool lost;              /* candidates were under way then, and are not done */
	bool trouble_stops;     /* there is no use in going on */
	bool trouble;           /* exit status 2 */
	unsigned gone;          /* judges in a row that gave no answer */
	unsigned ticks;         /* scan_goes_on */
	struct message message; /* headers of the mail at hand */
	struct str buffer;      /* its octets */
};

/* A candidate on its way to a verdict. */
struct scan_mail {
	char *path;
	uint64_t number; /* in its file, from 1; 0: the file is the mail */
	struct message message;
	struct candidate candidate;
	struct str text;
	size_t body_at;
	int64_t delivered; /* Unix seconds */
	const char
	    *dated_by; /* what says so: "maildir", "mbox", "dovecot", "received", "file", "now" */
	bool spliced;  /* out of a stream in which a mail can begin another */
	enum judge_status status;
	struct finding finding;
};
void scan_mail_free(struct scan_mail *mail); /* takes NULL */

/* What becomes of a mail that was found. */
enum scan_fate {
	SCAN_SHOWN,       /* no pending comes of it */
	SCAN_WANTED,      /* would be recorded */
	SCAN_RECORDED,    /* has been, now */
	SCAN_KNOWN,       /* was recorded before */
	SCAN_PAST,        /* due too long ago */
	SCAN_UNADDRESSED, /* nobody knows to whom it came */
	SCAN_UNDECIDED,   /* the DNS did not answer: another scan may */
	SCAN_UNJUDGED,
	SCAN_FATE_COUNT,
};
const char *scan_fate_name(enum scan_fate f); /* a word for JSON */

struct scan_found {
	const struct scan_mail *mail;
	struct decision decision; /* not of SCAN_UNJUDGED */
	struct finding finding;   /* with what an authserv let stand in */
	enum pending_kind pending;
	enum scan_fate fate;
	char recipient[LIMIT_ADDRESS + 1];
	char message_id[LIMIT_MESSAGE_ID + 1];
};

/* A mail that never came in. */
struct scan_rejected {
	int64_t time;
	const struct sender *entry;
	char from[LIMIT_ADDRESS + 1];
	char to[LIMIT_ADDRESS + 1]; /* "" : not said */
	char client[256];
	char queue_id[LIMIT_QUEUE_ID + 1]; /* "" : it had none yet */
	bool temporary;                    /* 4xx: the sender has tried again */
	char reason[LIMIT_LOG_VALUE + 1];
};

/* -- scan.c --------------------------------------------------------------------------------- */

/* False when a signal says to stop, or there is no use in going on. Cheap: asked of every file. */
bool scan_goes_on(struct scan *s);
/* The same, and looks at once: for where it is asked seldom. */
bool scan_looks(struct scan *s);
/* Whether a signal has come, and nothing else. */
bool scan_is_ended(struct scan *s);
/* Tells of a file or folder that was passed over; named: the user named it, and that is trouble. */
void scan_pass_over(struct scan *s, const char *path, const char *why, bool named);

/* -- scan_file.c ---------------------------------------------------------------------------- */

struct walk_file;
/* False: stop. */
bool scan_file(struct scan *s, const struct walk_file *file);
/* Standard input: one mail, or a stream of them. */
bool scan_standard_input(struct scan *s);

/* -- scan_mail.c ---------------------------------------------------------------------------- */

struct scan_origin {
	const char *path;
	uint64_t number;
	const char *maildir_name; /* NULL: its name says nothing */
	bool from_line;           /* from_date is valid */
	int64_t from_date;
	const char *from_by; /* "mbox" or "dovecot": whose it is */
	int fd;              /* whose time is the last resort; -1: none */
	bool spliced;
};
/* Looks at the headers in s->message. NULL for nearly all mail; else a candidate, which has taken
 * them, and whose text is still to be given. */
struct scan_mail *scan_mail_consider(struct scan *s, const struct scan_origin *origin);
/* When the mail came, by s->message and origin; what says so. */
int64_t scan_mail_delivered(const struct message *m, const struct scan_origin *origin, int64_t now,
			    const char **ret_by);
/* To whom: "" when it is not known. */
void scan_mail_recipient(const struct message *m, char ret_to[static LIMIT_ADDRESS + 1]);

/* -- scan_pool.c ---------------------------------------------------------------------------- */

/* Takes the mail over; its finding comes to scan_found, in the order of the calls, during this or a
 * later call. The first one starts the judges. */
void scan_pool_put(struct scan *s, struct scan_mail *mail);
void scan_pool_look(struct scan *s);  /* hands on what is done by now */
void scan_pool_drain(struct scan *s); /* all that were put have come to scan_found */
void scan_pool_stop(struct scan *s);  /* after draining */

/* -- scan_found.c --------------------------------------------------------------------------- */

void scan_found(struct scan *s, struct scan_mail *mail);
void scan_print_found(struct scan *s, const struct scan_found *f);
void scan_print_rejected(struct scan *s, const struct scan_rejected *r);

/* -- scan_text.c, scan_json.c --------------------------------------------------------------- */

void scan_text_found(const struct scan *s, const struct scan_found *f);
void scan_text_rejected(const struct scan *s, const struct scan_rejected *r);
void scan_text_end(const struct scan *s);
json_t *scan_json_found(const struct scan *s, const struct scan_found *f);
json_t *scan_json_rejected(const struct scan_rejected *r);
json_t *scan_json_skipped(const char *path, const char *why);
json_t *scan_json_end(const struct scan *s);

/* -- scan_maillog.c ------------------------------------------------------------------------- */

void scan_maillog(struct scan *s, const char *file);

#endif
