/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * limits.h - every limit of keepname, in one place, each with its reason.
 *
 * A limit that is hit never loses or delays mail: the message is judged "not proved" or is left
 * unjudged, and the log line says which limit it was. Each has a test at it and one past it.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#include <stdint.h>

/* -- names and addresses ------------------------------------------------------------------- */
enum {
	LIMIT_LOCAL_PART = 64, /* RFC 5321 4.5.3.1.1, octets */
	LIMIT_DOMAIN = 253,    /* RFC 1035: 255 octets on the wire, without root and first length */
	LIMIT_LABEL = 63,      /* RFC 1035 2.3.4 */
	LIMIT_ADDRESS = 320,   /* local part, "@", domain, rounded up */
	LIMIT_FROM_VALUE =
	    998, /* RFC 5322 2.1.1: one line; a real registrar's From has under 100 */
};

/* -- a message ------------------------------------------------------------------------------ */
enum {
	LIMIT_HEADER_BYTES =
	    512 * 1024,            /* all headers kept for judging; Postfix passes 100 KB each */
	LIMIT_HEADER_COUNT = 1000, /* real mail has under 100; past it the mail is left alone */
	LIMIT_RCPTS = 1000,        /* Postfix's smtpd_recipient_limit */
	LIMIT_QUEUE_ID = 64,       /* Postfix long ids have under 20 */
	LIMIT_MESSAGE_ID = 998,    /* longer ones are replaced by their hash */
	LIMIT_SUBJECT = 998,       /* decoded octets looked at for class wording */
	LIMIT_OUR_HEADERS = 100,   /* copies of our header deleted one by one */
};

/* -- the judge ------------------------------------------------------------------------------ */
enum {
	LIMIT_FRAME = 1024 * 1024,     /* payload of one frame between listener and judge */
	LIMIT_BODY_CHUNK = 65535,      /* libmilter hands over no more at once */
	LIMIT_MIME_BYTES = 256 * 1024, /* given to GMime: 300k empty parts took 395 MB */
	LIMIT_MIME_HEADER = 8 * 1024,  /* each Content-* value given to GMime */
	LIMIT_MIME_PARTS = 200,
	LIMIT_MIME_DEPTH = 20,  /* multiparts in multiparts; real mail has 3 or 4 */
	LIMIT_MIME_MARKS = 200, /* ":", "," or ";" in one address or Content-* header inside the
				 * body: nested groups overflow GMime's stack, 100,000 addresses or
				 * parameters take it over 20 s */
	LIMIT_TEXT_BYTES = 256 * 1024, /* decoded text that the rules read */
	LIMIT_LINKS = 256,             /* action links looked at; more fail the mail */
	LIMIT_LINK_BYTES = 2048,       /* one href; longer ones fail the mail */
	LIMIT_DOMAINS = 20,            /* named in the header; the rest is counted */
	LIMIT_DOMAINS_COUNTED = 5000,
	LIMIT_QUESTIONS = 48,      /* DNS questions for one message, all mechanisms together */
	LIMIT_BABBLE = 256 * 1024, /* octets that one judge may send for one message */
	LIMIT_JUDGE_MEMORY = 512 * 1024 * 1024, /* address space that one child may add */
	LIMIT_JUDGE_CPU = 3,                    /* s of CPU of one child; a real mail takes 2 ms */
	LIMIT_JUDGE_SPARE = 5,                  /* s beyond dns_timeout until a child is given up */
	LIMIT_JUDGES = 32, /* children at the same time: memory is bounded by it */
};

/* -- proof ---------------------------------------------------------------------------------- */
enum {
	LIMIT_SIGNATURES = 10, /* libopendkim's cost is quadratic in ignored signatures */
	LIMIT_SIGNATURE_BYTES = 8 * 1024,
	LIMIT_DKIM_IDENTITY = 255,  /* i=: libopendkim reads past longer ones */
	LIMIT_DKIM_KEY_BITS = 1024, /* RFC 8301 3.2 */
	LIMIT_KEY_RECORD = 1024,    /* libopendkim's buffer for a key record */
	LIMIT_SPF_TXT = 2000,       /* octets; libspf2 smashes its stack at 4.5 KB */
	LIMIT_SPF_QUERIES = 30,
	LIMIT_SPF_VOID = 2,        /* RFC 7208 4.6.4 */
	LIMIT_SPF_MECHANISMS = 10, /* DNS mechanisms of a whole check, RFC 7208 4.6.4 */
	LIMIT_DMARC_TXT = 2000,
};

/* -- DNS ------------------------------------------------------------------------------------ */
enum {
	LIMIT_DNS_RECORDS = 64,       /* of one answer */
	LIMIT_DNS_ANSWER = 16 * 1024, /* octets of data in one answer; more is an error */
	LIMIT_DNS_KEPT = 256,   /* answers at hand in the resolver: a list's senders, three each, */
	LIMIT_DNS_KEPT_S = 300, /* s, so long at most: a key that is withdrawn is soon gone, */
	LIMIT_DNS_KEPT_BYTES = 4096,  /* of data each, so a megabyte in all */
	LIMIT_DNS_UNDER_WAY = 1024,   /* questions under way in the resolver */
	LIMIT_DNS_PACKET = 20 * 1024, /* one packet between listener and resolver */
	LIMIT_INQUIRIES = 128,        /* servers of parent zones asked at the same time */
	LIMIT_NAMESERVERS = 16,       /* kept of one domain; registries take 13 at most */
};

/* -- lists ---------------------------------------------------------------------------------- */
enum {
	LIMIT_LIST_BYTES = 512 * 1024 * 1024, /* one list file; 300,000 senders have about 100 MB */
	LIMIT_STANZA_BYTES = 64 * 1024,
	LIMIT_LIST_LINE = 4096,
	LIMIT_SHAPES = 32, /* link shapes of one entry or platform */
	LIMIT_SHAPE_BYTES = 512,
	LIMIT_PATTERNS = 2000, /* patterns of all classes */
	LIMIT_PATTERN_BYTES = 512,
	LIMIT_MATCH = 10000,     /* PCRE2 match limit: ReDoS on 41 octets stops after 0.03 ms */
	LIMIT_MATCH_HEAP = 1024, /* KiB */
	LIMIT_MATCH_DEPTH =
	    2000,          /* nested backtracking, where the interpreter runs instead of JIT */
	LIMIT_DIAGS = 100, /* errors reported at once */
};

/* -- store ---------------------------------------------------------------------------------- */
enum {
	LIMIT_STORE_WAIT_MS = 4000,      /* a callback waits no longer for the disk, then spools */
	LIMIT_STORE_QUEUE = 256,         /* records that wait for the writer */
	LIMIT_RECORD_BYTES = 512 * 1024, /* 1,000 recipients of 320 octets, and the rest */
	LIMIT_SPOOL_BYTES = 4 * 1024 * 1024, /* preallocated; some 2,000 records */
	LIMIT_GROUP_COMMIT = 64,             /* records in one transaction */
};

/* -- marking urgent -------------------------------------------------------------------------- */
enum {
	LIMIT_BOOSTS_RECIPIENT = 30,  /* mails marked urgent for one recipient in an hour: more than
				       * anybody acts on */
	LIMIT_BOOSTS_SENDER = 1000,   /* of one listed sender; a host with 100,000 domains gets some
				       * 300 renewal notices a day */
	LIMIT_RATE_ADDRESSES = 16384, /* whose rates are known at the same time; 256 KB */
};

/* -- what strangers leave in the database (db/ceiling.h) --------------------------------------- */
enum {
	LIMIT_STRANGERS_MAILS = 100000, /* rows, for each recipient; 60 MB */
	LIMIT_STRANGERS_REVIEWS = 50,   /* matters of one recipient; nobody looks through more */
	LIMIT_STRANGERS_JOINED = 100,   /* mails of one matter that are written down one by one */
};

/* -- suggestions ---------------------------------------------------------------------------- */
enum {
	LIMIT_SUGGESTIONS = 200, /* open ones: what a person can look through in an hour; the
				  * least valuable goes first */
	LIMIT_SUGGESTIONS_ORG =
	    8, /* of one organisational domain, rejected ones too: a registrar
		* writes from two or three addresses, a spammer from thousands */
	LIMIT_SUGGESTION_FACTS =
	    32, /* of one kind of one suggestion; as many links as an entry has */
};

/* -- time ----------------------------------------------------------------------------------- */
enum {
	LIMIT_AGE_DAYS = 30,             /* older mail is not fresh */
	LIMIT_AHEAD_DAYS = 1,            /* a Date further ahead is not fresh */
	LIMIT_DEADLINE_PAST_DAYS = 60,   /* a stated deadline before Date - this is absurd */
	LIMIT_DEADLINE_AHEAD_DAYS = 400, /* renewal notices come up to a year ahead */
	LIMIT_DEADLINE_ACTION_DAYS =
	    60,                    /* of what wants an answer: transfers and changes die by then */
	LIMIT_LANE_WAIT_MS = 2000, /* waiting for a free judge */
};

/* -- scanning mailboxes --------------------------------------------------------------------- */
enum {
	LIMIT_SCAN_SWELL = 64 * 1024 * 1024, /* octets out of a compressed file from where its
					      * ratio is looked at */
	LIMIT_SCAN_RATIO =
	    400,               /* mail shrinks to a tenth, logs to a fiftieth, zeros to a thousandth
				*/
	LIMIT_SCAN_DEPTH = 50, /* folders in folders; each takes a descriptor */
	LIMIT_SCAN_FOLDERS = 100000, /* in one folder: their names are kept meanwhile */
	LIMIT_SCAN_PAST_DAYS =
	    90, /* a matter that was due so long ago is shown, not recorded:
		 * grace   and redemption of an expired name end within 75 days */
};

/* -- setup and doctor ----------------------------------------------------------------------- */
enum {
	LIMIT_SETUP_FILE = 1024 * 1024, /* a configuration file of another program; main.cf with all
					 * of its comments has 30 KB */
	LIMIT_FILTER_PACKET = 64 * 1024, /* of a filter's answer to the doctor; libmilter's edits
					  * are a header each */
	LIMIT_OUTSIDE = 256 * 1024, /* kept of what another program prints; postconf -d has 50 KB
				     */
};

/* -- our own domains ------------------------------------------------------------------------ */
enum {
	LIMIT_OWNED = 1000000,   /* the largest hosts have some 100,000 */
	LIMIT_OWNED_LINE = 4096, /* octets of a line of a zone list; real ones have 200 */
	LIMIT_OWNED_BYTES = 64 * 1024 * 1024, /* a file of names, or what a map holds */
};

/* -- backups ------------------------------------------------------------------------------- */
enum {
	LIMIT_IMPORT_LINE = 1024 * 1024, /* octets; a mail's row has 4 KB at most */
};

/* The end of the year 9999, which no time of ours is past. A number of a pending at SQLite's own
 * end would leave none for the next. */
#define LIMIT_IMPORT_NUMBER INT64_C(253402300799)

/* -- changes by people ------------------------------------------------------------------------- */
enum {
	LIMIT_UNDO_DAYS =
	    7, /* a mistake is seen within a week; what was erased is then gone for good */
};

/* -- fetching by http ------------------------------------------------------------------------ */
enum {
	LIMIT_FETCHES = 64, /* under way in one process; each has a connection and 20 KB */
	LIMIT_FETCH_REDIRECTS =
	    5, /* one to https, one to a registrar's server, and some to spare */
	LIMIT_FETCH_URL = 2048,
};

/* -- watching ------------------------------------------------------------------------------- */
enum {
	LIMIT_RDAP_BYTES = 256 * 1024,           /* one answer; real ones have 2 to 20 KB */
	LIMIT_RDAP_DEPTH = 32,                   /* objects in objects; RFC 9083's own go 8 deep */
	LIMIT_BOOTSTRAP_BYTES = 2 * 1024 * 1024, /* IANA's has 60 KB */
};

/* -- programs ------------------------------------------------------------------------------- */
enum {
	LIMIT_LOG_VALUE = 512, /* octets of one untrusted value in a log line */
	LIMIT_LOG_LINE = 4096,
	LIMIT_CONFIG_BYTES = 1024 * 1024,
	LIMIT_CONFIG_ITEMS = 256, /* of one list in keepname.conf */
	LIMIT_MILTER_DATA =
	    1024 * 1024,         /* a header past 64 KB closes libmilter's connection otherwise */
	LIMIT_RESTART_MS = 1000, /* least time between two starts of the same process */
};

#endif
