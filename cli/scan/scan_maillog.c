/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scan_maillog.c - mail of listed senders that a server refused before it came to keepname, out of
 * the log of Postfix or Sendmail. A line without a date that can be read, or of another program, is
 * passed over.
 *
 * Postfix says all in one line when it refuses at once:
 *   smtpd[1]: NOQUEUE: reject: RCPT from host[ip]: 554 5.7.1 <to>: why; from=<a> to=<b> proto=…
 *   cleanup[1]: QUEUEID: milter-reject: END-OF-MESSAGE from host[ip]: 5.7.1 why; from=<a> to=<b> …
 * and in two lines when it bounces what it took:
 *   qmgr[1]: QUEUEID: from=<a>, size=…          local[1]: QUEUEID: to=<b>, …, status=bounced (why)
 * Sendmail parts them nearly always, in either order:
 *   sm-mta[1]: QUEUEID: Milter: data, reject=554 5.7.1 why     sm-mta[1]: QUEUEID: from=<a>, …
 * So some queue ids are remembered: those of listed senders, and those that lack a sender yet.
 *
 * A log holds what strangers sent. The first "; from=<" is the server's own, but for what a header
 * or a recipient in quotes may hold; the worst that comes of it is a line too many in this report,
 * which is why it records nothing. All text is shown as plain text, and cut.
 */
#include "cli/scan/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/date.h"
#include "cli/scan/scan_progress.h"

enum {
	ROOM = 4096,      /* queue ids remembered */
	LINE_MOST = 8192, /* octets of a line looked at; syslog's are shorter */
	CHUNK = 64 * 1024,
};

struct seen {
	struct scan_rejected r; /* with entry: the sender is known; with time: the rejection is */
	bool used;
};

struct reader {
	struct scan *scan;
	int64_t latest; /* no line is later */
	int64_t time;   /* of the line at hand */
	struct seen *seen;
	size_t next;
};

/* -- pieces of a line ----------------------------------------------------------------------- */

static struct slice after(struct slice s, const char *text)
{
	const size_t n = strlen(text);
	const char *at = s.n >= n ? memmem(s.p, s.n, text, n) : NULL;

	if (at == NULL)
		return (struct slice){0};
	return (struct slice){at + n, s.n - (size_t)(at + n - s.p)};
}

static struct slice until(struct slice s, const char *end)
{
	const char *at = s.p != NULL ? memmem(s.p, s.n, end, strlen(end)) : NULL;

	return at != NULL ? (struct slice){s.p, (size_t)(at - s.p)} : s;
}

static bool starts(struct slice s, const char *text)
{
	const size_t n = strlen(text);

	return s.n >= n && memcmp(s.p, text, n) == 0;
}

/* What fits of it. A NUL ends it. */
static void copy(struct slice s, char *to, size_t size)
{
	size_t n = s.p != NULL ? strnlen(s.p, s.n) : 0;

	n = n < size ? n : size - 1;
	if (n > 0)
		memcpy(to, s.p, n);
	to[n] = '\0';
}

/* "554 5.7.1 …", "5.7.1 …": the first figure says whether trying again is of use. */
static bool is_temporary(struct slice reason)
{
	return reason.n >= 3 && reason.p[0] == '4' &&
	       (reason.p[1] == '.' || (reason.p[1] >= '0' && reason.p[1] <= '9'));
}

static const struct sender *entry_of(const struct reader *r, struct slice from)
{
	const char *at = from.n > 0 ? memrchr(from.p, '@', from.n) : NULL;
	const struct sender *s;

	if (at == NULL)
		return NULL;
	s = list_find_domain(r->scan->ground.list,
			     (struct slice){at + 1, from.n - (size_t)(at + 1 - from.p)});
	return s != NULL && s->enabled ? s : NULL;
}

static void tell(struct reader *r, const struct scan_rejected *what)
{
	if (what->time < r->scan->options->since)
		return;
	r->scan->count.rejected++;
	scan_print_rejected(r->scan, what);
}

/* -- queue ids ------------------------------------------------------------------------------ */

static struct scan_rejected *find(struct reader *r, struct slice id)
{
	for (size_t i = 0; i < ROOM; i++)
		if (r->seen[i].used && slice_is(id, r->seen[i].r.queue_id))
			return &r->seen[i].r;
	return NULL;
}

/* In the place of the oldest one. */
static struct scan_rejected *remember(struct reader *r, struct slice id)
{
	struct seen *place = &r->seen[r->next++ % ROOM];

	*place = (struct seen){.used = true};
	copy(id, place->r.queue_id, sizeof(place->r.queue_id));
	return &place->r;
}

/* -- Postfix -------------------------------------------------------------------------------- */

/* "NAME[IP]: REASON", and "[IP]:PORT: REASON" of postscreen. */
static struct slice behind_client(struct slice client)
{
	struct slice rest = after(client, "]:");

	while (rest.n > 0 && rest.p[0] >= '0' && rest.p[0] <= '9') {
		rest.p++;
		rest.n--;
	}
	if (starts(rest, ": "))
		return (struct slice){rest.p + 2, rest.n - 2};
	return starts(rest, " ") ? (struct slice){rest.p + 1, rest.n - 1} : (struct slice){0};
}

/* "STAGE from CLIENT: REASON; from=<A> to=<B> proto=P helo=<H>[: REASON]" */
static void refused(struct reader *r, struct slice id, struct slice text)
{
	struct scan_rejected what = {.time = r->time};
	struct slice head = until(text, "; from=<"), tail = after(text, "; from=<");
	const struct slice from = until(tail, ">");
	struct slice client, reason;

	what.entry = entry_of(r, from);
	if (what.entry == NULL)
		return;
	client = after(head, " from ");
	reason = behind_client(client);
	if (reason.p == NULL)
		reason = after(after(tail, " helo=<"), ">: ");
	if (reason.p == NULL)
		reason = head;
	client = until(client, "]");
	if (client.n > 0)
		client.n++;
	copy(from, what.from, sizeof(what.from));
	copy(until(after(tail, " to=<"), ">"), what.to, sizeof(what.to));
	copy(client, what.client, sizeof(what.client));
	copy(reason, what.reason, sizeof(what.reason));
	if (!slice_is(id, "NOQUEUE"))
		copy(id, what.queue_id, sizeof(what.queue_id));
	what.temporary = is_temporary(reason);
	tell(r, &what);
}

static void bounced(struct reader *r, struct slice id, struct slice text)
{
	const struct scan_rejected *sender = find(r, id);
	struct scan_rejected what;
	struct slice why = after(text, "status=bounced (");

	if (sender == NULL || sender->entry == NULL)
		return;
	what = *sender;
	what.time = r->time;
	copy(until(after(text, "to=<"), ">"), what.to, sizeof(what.to));
	copy(until(after(text, "relay="), ","), what.client, sizeof(what.client));
	if (why.n > 0 && why.p[why.n - 1] == ')')
		why.n--;
	copy(why, what.reason, sizeof(what.reason));
	tell(r, &what);
}

/* -- Sendmail ------------------------------------------------------------------------------- */

/* Both halves are there. */
static void tell_joined(struct reader *r, struct scan_rejected *what)
{
	if (what->entry == NULL || what->time == 0)
		return;
	tell(r, what);
	what->time = 0;
}

/* "ruleset=check_rcpt, arg1=<B>, relay=R, reject=…" and "Milter: data, reject=…" */
static void refused_by_sendmail(struct reader *r, struct slice id, struct slice text)
{
	const struct slice reason = after(text, "reject=");
	struct scan_rejected *what = find(r, id);
	struct slice argument = until(after(text, "arg1=<"), ">"), relay;

	if (what == NULL)
		what = remember(r, id);
	what->time = r->time;
	what->temporary = is_temporary(reason);
	copy(reason, what->reason, sizeof(what->reason));
	relay = until(after(text, "relay="), ", ");
	if (relay.n > 0)
		copy(relay, what->client, sizeof(what->client));
	if (argument.p == NULL)
		argument = until(after(text, "to=<"), ">");
	if (starts(text, "ruleset=check_mail") || starts(text, "Milter: from=<")) {
		if (starts(text, "Milter: from=<"))
			argument = until(after(text, "from=<"), ">");
		what->entry = entry_of(r, argument);
		copy(argument, what->from, sizeof(what->from));
	} else if (argument.n > 0) {
		copy(argument, what->to, sizeof(what->to));
	}
	tell_joined(r, what);
}

/* -- lines ---------------------------------------------------------------------------------- */

/* "from=<A>, size=…": of both servers. */
static void take_sender(struct reader *r, struct slice id, struct slice text)
{
	const struct slice from = until(after(text, "from=<"), ">");
	const struct sender *entry = entry_of(r, from);
	struct scan_rejected *what;
	struct slice relay;

	if (entry == NULL)
		return;
	what = find(r, id);
	if (what == NULL)
		what = remember(r, id);
	what->entry = entry;
	copy(from, what->from, sizeof(what->from));
	relay = until(after(text, "relay="), ", ");
	if (relay.n > 0)
		copy(relay, what->client, sizeof(what->client));
	tell_joined(r, what);
}

/* What stands behind "HOST PROGRAM[PID]: ", which is parted into "ID: " and the rest. */
static bool take_head(struct slice *line, struct slice *ret_id)
{
	struct slice rest = after(*line, "]: ");

	if (starts(rest, "[ID ")) /* Solaris: "[ID 197553 mail.info] " */
		rest = after(rest, "] ");
	*ret_id = until(rest, ": ");
	if (ret_id->n == 0 || ret_id->n == rest.n || ret_id->n > LIMIT_QUEUE_ID ||
	    memchr(ret_id->p, ' ', ret_id->n) != NULL)
		return false;
	line->p = ret_id->p + ret_id->n + 2;
	line->n = rest.n - ret_id->n - 2;
	return true;
}

static void take_line(struct reader *r, struct slice line)
{
	static const char *const refusals[] = {
	    "reject: ", "milter-reject: ", "discard: ", "milter-discard: "};
	struct slice id;

	if (!date_of_log(&line, r->latest, &r->time) || !take_head(&line, &id))
		return;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (starts(line, refusals[i])) {
			line.p += strlen(refusals[i]);
			line.n -= strlen(refusals[i]);
			refused(r, id, line);
			return;
		}
	if (starts(line, "from=<"))
		take_sender(r, id, line);
	else if (starts(line, "to=<") && after(line, " status=bounced (").p != NULL)
		bounced(r, id, line);
	else if ((starts(line, "ruleset=") || starts(line, "Milter: ")) &&
		 after(line, ", reject=").p != NULL)
		refused_by_sendmail(r, id, line);
}

/* -- the file ------------------------------------------------------------------------------- */

/* Takes the whole lines out of the buffer; of one that is too long what came first. */
static void take_lines(struct reader *r, struct str *buffer, bool all, bool *in_long)
{
	const char *at = str_text(buffer), *end = at + buffer->n;

	while (at < end) {
		const char *lf = memchr(at, '\n', (size_t)(end - at));
		const char *stop = lf != NULL ? lf : end;
		const size_t n = (size_t)(stop - at);

		if (lf == NULL && !all && n < LINE_MOST)
			break;
		if (!*in_long)
			take_line(r, (struct slice){at, n < LINE_MOST ? n : LINE_MOST});
		*in_long = lf == NULL;
		at = lf != NULL ? lf + 1 : end;
	}
	buffer->n = (size_t)(end - at);
	if (buffer->n > 0)
		memmove(buffer->p, at, buffer->n);
}

static enum octets_status read_log(struct reader *r, struct octets *o)
{
	struct str buffer = {0};
	char *chunk = malloc(CHUNK);
	enum octets_status status = chunk != NULL ? OCTETS_OK : OCTETS_ERROR;
	bool in_long = false;
	size_t n;

	while (status == OCTETS_OK && scan_looks(r->scan)) {
		status = octets_read(o, chunk, CHUNK, &n);
		str_add(&buffer, chunk, n);
		take_lines(r, &buffer, false, &in_long);
	}
	if (scan_looks(r->scan))
		take_lines(r, &buffer, true, &in_long);
	free(chunk);
	str_free(&buffer);
	return status;
}

static int64_t latest_of(int fd, int64_t now)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? (int64_t)st.st_mtim.tv_sec : now;
}

void scan_maillog(struct scan *s, const char *file)
{
	const int fd = strcmp(file, "-") == 0
			   ? dup(STDIN_FILENO)
			   : open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct reader r = {.scan = s};
	struct octets octets;
	enum octets_status status = OCTETS_ERROR;

	if (fd < 0) {
		scan_pass_over(s, file, strerror(errno), true);
		return;
	}
	octets_open(&octets, fd, s->signal_fd);
	r.latest = latest_of(fd, s->cli->now);
	r.seen = calloc(ROOM, sizeof(*r.seen));
	if (r.seen != NULL)
		status = read_log(&r, &octets);
	if (status != OCTETS_OK && status != OCTETS_END && s->signal == 0)
		scan_pass_over(s, file, octets_trouble(status), true);
	octets_close(&octets);
	free(r.seen);
}
