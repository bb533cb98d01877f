/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * doctor_judge.c - whether this machine's judge and rules come to the right verdicts, and whether
 * its resolver gets answers. Two checks, since each can be known without the other:
 *
 * The daemon asks the real DNS, where no key of a made-up sender is; and a key that a daemon would
 * believe for a test would be a hole. So the daemon is only asked to take away forged headers
 * (doctor_daemon.c), and the verdict is asked of programs of our own: the same zygote and rules,
 * which `keepname check` starts too, and a list and a zone that are known to this process alone.
 * The mail was signed once; its key signs nothing any more. It is judged as of its own day.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/program.h"
#include "cli/check.h"
#include "cli/doctor/doctor.h"
#include "dns/question.h"
#include "judge/rulefiles.h"
#include "rules/core/charset.h"

#define DAY_OF_MAIL INT64_C(1795345200) /* 2026-11-22T11:00:00Z, an hour after its Date */

static const char sender[] = "Sender: doctor\n"
			     "From: doctor@registrar.example\n"
			     "Registrar: keepname doctor\n"
			     "Classes: verification\n"
			     "Link: registrar.example /verify?token=*\n"
			     "Confidence: A\n"
			     "Last-Seen: 2026-11\n"
			     "Evidence: https://registrar.example/\n";

/* clang-format off */
static const char mail[] =
    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=registrar.example; s=doctor;\n"
    "\th=From:To:Subject:Date:Message-ID:MIME-Version:Content-Type;\n"
    "\tbh=JyCpG4m+D+gLc1feOXPcu8YB+34SVCpEtc86fhO0VCg=;\n"
    "\tb=YhlVnIqhYbLqa4ac3B8DGxL5wjlaCx4J0UwDoXfmm7u2HeGsEFA8WBWyjnfeEJKru2gI9tSJAm8JlgzZ5eEI3FYOwUX2Fy7Fl+PT1Fei45SeEdFND6PvVOs8Qd5i6pqnt01crcwR8CjFEmZEN1gXURdCY0kjqX6cLqlTl1xYKvM=\n"
    "From: keepname doctor <doctor@registrar.example>\n"
    "To: owner@example.com\n"
    "Subject: Request for email address validation\n"
    "Date: Sun, 22 Nov 2026 10:00:00 +0000\n"
    "Message-ID: <1@registrar.example>\n"
    "MIME-Version: 1.0\n"
    "Content-Type: text/plain; charset=utf-8\n"
    "\n"
    "Your email address was entered as the contact of the domain name example.com.\n"
    "ICANN demands that such an address is validated. Please follow this link to\n"
    "validate your email address:\n"
    "\n"
    "https://registrar.example/verify?token=0123456789abcdef\n"
    "\n"
    "The domain name example.com must be suspended if the address is not validated\n"
    "by 2026-12-06 10:00:00 UTC.\n";

static const struct {
	const char *name, *text;
} zone[] = {
    {"doctor._domainkey.registrar.example",
     "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDCPWl8DnoEK/YmKdxC6qO6aY"
     "4nCEaGIL+rIwsfzrPjWj/TR506BNpFJaRzLL2JBOT9xT0ZRB0mO3hmpLDOzOMlWoL/J4hHaTUqJ33z2a"
     "BMHPmPvQXNENf7o3cZKXATvb+YGtoRvXIwQQfziFF8V9db3nPg+L4fC7UVxXUSSQRwxwIDAQAB"},
    {"_dmarc.registrar.example", "v=DMARC1; p=reject"},
    {"registrar.example", "v=spf1 -all"},
};
/* clang-format on */

/* -- the zone ------------------------------------------------------------------------------- */

static void answer_one(int fd, struct slice packet)
{
	struct question q;
	struct answer a = {.status = ANSWER_NO_NAME, .ttl = 60};
	struct str to = {0};

	if (!question_unpack(packet, &q))
		return;
	a.id = q.id;
	for (size_t i = 0; i < sizeof(zone) / sizeof(zone[0]); i++) {
		if (!str_same_nocase(zone[i].name, q.name))
			continue;
		a.status = ANSWER_NO_DATA;
		if (q.type == QUESTION_TXT && answer_add(&a, zone[i].text, strlen(zone[i].text)))
			a.status = ANSWER_DATA;
	}
	answer_pack(&a, &to);
	if (!to.failed)
		send(fd, to.p, to.n, MSG_NOSIGNAL);
	str_free(&to);
	answer_free(&a);
}

/* Until the other end closes. */
static void *serve_zone(void *context)
{
	const int fd = *(const int *)context;
	static char packet[LIMIT_DNS_PACKET]; /* one thread of this kind, ever */
	ssize_t n;

	while ((n = recv(fd, packet, sizeof(packet), 0)) > 0)
		answer_one(fd, (struct slice){packet, (size_t)n});
	return NULL;
}

/* -- judging -------------------------------------------------------------------------------- */

static bool open_ground(const struct cli *cli, struct ground *g)
{
	struct diags diags = {0};

	charset_init();
	*g = (struct ground){.suffixes = suffixes_open(),
			     .list = list_new(),
			     .classes = rulefiles_classes(cli->config->lists, true, &diags)};
	if (g->list != NULL && list_parse(g->list, slice_of(sender), "doctor", true, &diags) == 0 &&
	    list_finish(g->list, &diags) == 0 && g->suffixes != NULL)
		g->lookalikes = lookalikes_new(g->list, g->suffixes);
	diag_print(&diags, stderr);
	diag_free(&diags);
	return g->classes != NULL && g->lookalikes != NULL;
}

/* The verdict on a text; VERDICT_NONE where there is none. Adds what came of it to f->answers. */
static enum verdict judge(const struct cli *cli, const struct ground *g,
			  const struct judges *judges, const char *what, struct slice text,
			  struct doctor_finding *f)
{
	/* Its SPF record names nobody. */
	static const struct check_origin stranger = {.mail_from = "doctor@registrar.example",
						     .client_family = AF_INET,
						     .client_ip = {192, 0, 2, 1}};
	struct candidate_scratch scratch = {0};
	struct checked c = {.now = DAY_OF_MAIL};
	enum verdict verdict = VERDICT_NONE;

	message_init(&c.message);
	if (candidate_scratch_init(&scratch) &&
	    check_message(cli, &stranger, g, judges, &scratch, text, &c) && c.judged) {
		verdict = c.decision.verdict;
		str_printf(&f->answers, "sent: a mail %s\nanswer: X-Keepname:", what);
		str_putc(&f->answers, ' ');
		edits_header_value(&c.decision, &c.finding, "doctor", &f->answers);
		str_putc(&f->answers, '\n');
	}
	edits_free(&c.edits);
	candidate_scratch_free(&scratch);
	message_free(&c.message);
	return verdict;
}

static void judge_both(const struct cli *cli, const struct ground *g, const struct judges *judges,
		       struct doctor_finding *f)
{
	static const char todo[] =
	    "are lists and libexec_dir of keepname.conf of the same version?";
	struct str twin = {0};
	enum verdict good, bad;

	str_add(&twin, mail, sizeof(mail) - 1);
	if (twin.n > 0)
		twin.p[twin.n - 3] = '!'; /* in the last line: the signature is broken */
	good = judge(cli, g, judges, "signed by a listed sender", slice_of(mail), f);
	bad =
	    judge(cli, g, judges, "changed on its way", (struct slice){str_text(&twin), twin.n}, f);
	str_free(&twin);
	if (good == VERDICT_GENUINE && bad == VERDICT_FORGED)
		doctor_find(f, DOCTOR_OK, NULL,
			    "a genuine mail is found genuine, and forged when it is changed");
	else
		doctor_find(f, DOCTOR_CRITICAL, todo,
			    "a genuine mail is found \"%s\", and \"%s\" when it is changed",
			    verdict_name(good), verdict_name(bad));
}

/* Our zygote, and our end of a socket in the place of the resolver's. */
static bool start(const struct cli *cli, int fd, struct judges *j, char why[256])
{
	*j = (struct judges){.config = cli->config};
	if (!plumbing_start(cli->config, &j->plumbing, why)) {
		close(fd);
		return false;
	}
	close(j->plumbing.resolver_fd);
	j->plumbing.resolver_fd = -1;
	j->client.zygote_fd = j->plumbing.zygote_fd;
	if (dns_client_open(fd, &j->client.dns) == 0)
		return true;
	plumbing_stop(&j->plumbing);
	snprintf(why, 256, "memory is short");
	return false;
}

void doctor_judge(struct doctor *d, struct doctor_finding *f)
{
	struct ground g = {0};
	struct judges j;
	char why[256];
	pthread_t thread;
	int pair[2];

	if (!open_ground(d->cli, &g)) {
		doctor_find(f, DOCTOR_CRITICAL, "keepname senders test",
			    "the rules in %s cannot be used", d->cli->config->lists);
	} else if (program_pair(SOCK_SEQPACKET, pair) != 0) {
		doctor_find(f, DOCTOR_UNKNOWN, NULL, "no socket");
	} else if (pthread_create(&thread, NULL, serve_zone, &pair[0]) != 0) {
		close(pair[0]);
		close(pair[1]);
		doctor_find(f, DOCTOR_UNKNOWN, NULL, "no thread");
	} else {
		if (start(d->cli, pair[1], &j, why)) {
			judge_both(d->cli, &g, &j, f);
			judges_stop(&j);
		} else {
			doctor_find(f, DOCTOR_CRITICAL,
				    "see libexec_dir and lists in keepname.conf",
				    "the judge does not start: %s", why);
		}
		pthread_join(thread, NULL);
		close(pair[0]);
	}
	ground_close(&g);
}

/* -- the resolver --------------------------------------------------------------------------- */

struct waiting {
	pthread_mutex_t lock;
	pthread_cond_t came;
	bool answered;
	enum answer_status status;
	uint32_t count;
};

static void on_answer(struct dns_wait *wait, const struct answer *answer)
{
	struct waiting *w = wait->context;

	pthread_mutex_lock(&w->lock);
	w->answered = true;
	w->status = answer->status;
	w->count = answer->count;
	pthread_cond_signal(&w->came);
	pthread_mutex_unlock(&w->lock);
}

/* Waits for the answer, no longer than one message's questions may take. */
static void ask(const struct judges *j, const char *name, struct waiting *w)
{
	struct dns_wait wait = {
	    .question = {.type = QUESTION_TXT}, .answered = on_answer, .context = w};
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += j->config->dns_timeout;
	snprintf(wait.question.name, sizeof(wait.question.name), "%s", name);
	if (!dns_client_ask(j->client.dns, &wait))
		return;
	pthread_mutex_lock(&w->lock);
	while (!w->answered && pthread_cond_timedwait(&w->came, &w->lock, &until) == 0)
		;
	pthread_mutex_unlock(&w->lock);
	dns_client_cancel(j->client.dns, &wait);
}

void doctor_dns(struct doctor *d, struct doctor_finding *f)
{
	static const char name[] = "_dmarc.emailverification.info";
	static const char todo[] = "see nameservers in keepname.conf, or /etc/resolv.conf";
	struct waiting w = {.lock = PTHREAD_MUTEX_INITIALIZER, .came = PTHREAD_COND_INITIALIZER};
	struct judges j;

	if (!judges_start(d->cli, "doctor", &j)) {
		doctor_find(f, DOCTOR_CRITICAL, "see libexec_dir in keepname.conf",
			    "the resolver does not start");
		return;
	}
	ask(&j, name, &w);
	judges_stop(&j);
	if (!w.answered)
		doctor_find(f, DOCTOR_CRITICAL, todo, "no answer from the DNS within %ld s",
			    d->cli->config->dns_timeout);
	else if (w.status == ANSWER_TROUBLE)
		doctor_find(f, DOCTOR_CRITICAL, todo,
			    "the DNS does not answer for %s: nothing can be proved", name);
	else
		doctor_find(f, DOCTOR_OK, NULL, "the DNS answers (%s, %u records)", name, w.count);
}
