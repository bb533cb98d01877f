/* SPDX-License-Identifier: BSD-2-Clause */
/* stage.c - see stage.h. */
#include "tests/replay/stage.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/replay/mail.h"

static const char *const key_kinds[][2] = {
    {"rsa2048", "rsa:2048"},
    {"rsa1024", "rsa:1024"},
    {"rsa512", "rsa:512"},
    {"ed25519", "ed25519"},
};

struct stage {
	const char *srcdir;
	struct scene *scene;
	struct signing *signing;
};

static bool make_keys(struct stage *s)
{
	for (size_t i = 0; i < sizeof key_kinds / sizeof key_kinds[0]; i++)
		if (!signing_key(s->signing, key_kinds[i][0], key_kinds[i][1]))
			return false;
	return true;
}

struct stage *stage_open(const char *srcdir)
{
	struct stage *s = calloc(1, sizeof *s);
	if (!s)
		return NULL;
	s->srcdir = srcdir;
	s->scene = scene_open(srcdir);
	s->signing = signing_open();
	if (s->scene && s->signing && make_keys(s))
		return s;
	fprintf(stderr, "the stage cannot be opened\n");
	stage_close(s);
	return NULL;
}

void stage_close(struct stage *s)
{
	if (!s)
		return;
	signing_close(s->signing);
	scene_close(s->scene);
	free(s);
}

struct scene *stage_scene(struct stage *s)
{
	return s->scene;
}

bool stage_mail(struct stage *s, const struct casefile *c, struct str *ret_mail, struct str *why)
{
	return mail_of_case(s->signing, s->srcdir, c, ret_mail, why);
}

bool stage_dns(struct stage *s, const struct casefile *c, struct str *to, struct str *why)
{
	return mail_dns(s->signing, c, to, why);
}

static bool read_client(const struct casefile *c, struct play *p)
{
	struct slice ip = casefile_get(c, "Client-Ip");
	char text[INET6_ADDRSTRLEN];
	if (!ip.p)
		return true;
	p->client_family = memchr(ip.p, ':', ip.n) ? AF_INET6 : AF_INET;
	return slice_copy(ip, text, sizeof text) &&
	       inet_pton(p->client_family, text, p->client_ip) == 1;
}

struct stage_way *stage_way_open(struct stage *s, const struct casefile *c, struct str *why)
{
	struct stage_way *w = calloc(1, sizeof *w);
	if (!w)
		return NULL;
	uint64_t cut_at = 0;
	w->mail_from = slice_dup(casefile_get(c, "Mail-From"));
	w->helo = slice_dup(casefile_get(c, "Helo"));
	w->play = (struct play){
	    .now = c->now,
	    .mail_from = w->mail_from,
	    .helo = w->helo,
	    .trusted_hop = casefile_yes(c, "Trusted-Hop"),
	    .sender_signs = casefile_yes(c, "Sender-Signs"),
	    .cut = str_to_u64(casefile_get(c, "Body-Cut"), SIZE_MAX, &cut_at),
	    .zone = mail_zone(s->signing, c, why),
	};
	w->play.cut_at = (size_t)cut_at;
	if (w->mail_from && w->helo && w->play.zone && read_client(c, &w->play))
		return w;
	stage_way_close(w);
	return NULL;
}

void stage_way_close(struct stage_way *w)
{
	if (!w)
		return;
	zone_free(w->play.zone);
	free(w->mail_from);
	free(w->helo);
	free(w);
}

bool stage_play(struct stage *s, const struct casefile *c, struct slice mail, size_t piece,
		struct outcome *ret_outcome, struct str *why)
{
	struct stage_way *w = stage_way_open(s, c, why);
	if (w)
		w->play.piece = piece;
	bool good = w && scene_play(s->scene, &w->play, mail, ret_outcome);
	if (!good && !why->n)
		str_puts(why, "no finding, or one that is not taken back, or an odd question");
	stage_way_close(w);
	return good;
}
