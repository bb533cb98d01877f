/* SPDX-License-Identifier: BSD-2-Clause */
/* mailplay.c - see mailplay.h. */
#include "tests/fuzz/mailplay.h"

#include <arpa/inet.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

enum {
	DNS_LINES = 200, /* more only cost time */
};

static struct slice word(struct slice *rest)
{
	struct slice w = {rest->p, 0};
	while (w.n < rest->n && rest->p[w.n] != ' ')
		w.n++;
	size_t taken = w.n < rest->n ? w.n + 1 : w.n;
	*rest = (struct slice){rest->p + taken, rest->n - taken};
	return slice_is(w, "-") ? (struct slice){NULL, 0} : w;
}

static void read_client(struct slice text, struct play *p)
{
	char ip[INET6_ADDRSTRLEN];
	if (!slice_copy(text, ip, sizeof ip))
		return;
	if (inet_pton(AF_INET, ip, p->client_ip) == 1)
		p->client_family = AF_INET;
	else if (inet_pton(AF_INET6, ip, p->client_ip) == 1)
		p->client_family = AF_INET6;
}

static void read_words(struct slice rest, struct play *p)
{
	while (rest.n) {
		struct slice w = word(&rest);
		uint64_t at;
		p->trusted_hop |= slice_is(w, "hop");
		p->sender_signs |= slice_is(w, "signs");
		if (slice_starts_nocase(w, "cut=") &&
		    str_to_u64((struct slice){w.p + 4, w.n - 4}, SIZE_MAX, &at)) {
			p->cut = true;
			p->cut_at = (size_t)at;
		}
	}
}

static const char proved[] = "2026-11-22T12:00:00Z 192.0.2.10 <bounce@emailverification.info> -\n"
			     "emailverification.info TXT v=spf1 ip4:192.0.2.10 -all\n";

void mailplay_read(struct slice input, struct mailplay *ret_play)
{
	struct mailplay *m = ret_play;
	struct slice rest = input, way = fuzz_part(&rest);
	*m = (struct mailplay){.play = {.zone = zone_new()}, .mail = rest};
	if (way.n == input.n) {
		m->mail = way;
		way = slice_of(proved);
	}
	struct slice first = fuzz_line(&way);
	if (!str_to_time(word(&first), &m->play.now))
		m->play.now = INT64_C(1795348800);
	read_client(word(&first), &m->play);
	m->mail_from = slice_dup(word(&first));
	m->helo = slice_dup(word(&first));
	read_words(first, &m->play);
	FUZZ_HOLDS(m->play.zone && m->mail_from && m->helo);
	m->play.mail_from = m->mail_from;
	m->play.helo = m->helo;
	for (unsigned i = 0, number; way.n && i < DNS_LINES; i++)
		zone_load(m->play.zone, fuzz_line(&way), &number);
}

void mailplay_free(struct mailplay *p)
{
	zone_free(p->play.zone);
	free(p->mail_from);
	free(p->helo);
}
