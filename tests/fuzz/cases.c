/* SPDX-License-Identifier: BSD-2-Clause */
/* cases.c - see cases.h. */
#include "tests/fuzz/cases.h"

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/frames.h"
#include "tests/replay/mail.h"
#include "tests/replay/stage.h"

enum {
	CASES_BYTES = 1024 * 1024,
};

/* As mailplay.h reads it. */
static bool add_play(struct stage *s, const struct casefile *c, struct str *to, struct str *why)
{
	struct slice ip = casefile_get(c, "Client-Ip"), from = casefile_get(c, "Mail-From");
	struct slice helo = casefile_get(c, "Helo"), cut = casefile_get(c, "Body-Cut");
	char now[21];
	str_time(c->now, now);
	str_printf(to, "%s %.*s %.*s %.*s", now, ip.p ? (int)ip.n : 1, ip.p ? ip.p : "-",
		   from.p ? (int)from.n : 1, from.p ? from.p : "-", helo.p ? (int)helo.n : 1,
		   helo.p ? helo.p : "-");
	str_puts(to, casefile_yes(c, "Trusted-Hop") ? " hop" : "");
	str_puts(to, casefile_yes(c, "Sender-Signs") ? " signs" : "");
	if (cut.p)
		str_printf(to, " cut=%.*s", (int)cut.n, cut.p);
	str_putc(to, '\n');
	return stage_dns(s, c, to, why);
}

/* Adds the case as a seed; nothing where it is no candidate. */
static bool add_case(struct stage *s, const struct casefile *c, enum cases_as as, struct str *to,
		     struct str *why)
{
	struct str mail = {0}, other = {0};
	struct outcome o = {0};
	bool good = stage_mail(s, c, &mail, why);
	struct slice text = {mail.p, mail.n};
	struct stage_way *w = good ? stage_way_open(s, c, why) : NULL;
	good = w && scene_play(stage_scene(s), &w->play, text, &o);
	bool candidate = good && o.candidate.lane != CANDIDATE_NO;
	if (good && as == CASES_PLAY) {
		good = add_play(s, c, to, why);
		str_puts(to, "%%\n");
		str_add(to, str_text(&mail), mail.n);
	} else if (candidate && as == CASES_RECORD) {
		finding_pack(&o.finding, to);
	} else if (candidate && as == CASES_TO_JUDGE) {
		good = frames_of(stage_scene(s), &w->play, text, to, &other);
	} else if (candidate) {
		str_putc(to, 0);
		good = frames_of(stage_scene(s), &w->play, text, &other, to);
	}
	stage_way_close(w);
	outcome_free(&o);
	str_free(&mail);
	str_free(&other);
	return good;
}

static void put_case(struct stage *s, const struct folder_file *file, enum cases_as as,
		     void (*put)(const char *name, const void *p, size_t n))
{
	struct casefile c;
	struct diags diags = {0};
	struct str seed = {0}, why = {0};
	FUZZ_CHECK(casefile_read(file, &c, &diags), "%s", file->path);
	FUZZ_CHECK(add_case(s, &c, as, &seed, &why), "%s: %s", c.name, str_text(&why));
	if (seed.n)
		put(c.name, seed.p, seed.n);
	casefile_free(&c);
	diag_free(&diags);
	str_free(&seed);
	str_free(&why);
}

void cases_each(enum cases_as as, void (*put)(const char *name, const void *p, size_t n))
{
	struct folder cases;
	struct diags diags = {0};
	struct str path = {0};
	struct stage *s = stage_open(fuzz_srcdir());
	str_printf(&path, "%s/tests/replay/cases", fuzz_srcdir());
	FUZZ_HOLDS(s && folder_read(str_text(&path), ".case", CASES_BYTES, &cases, &diags));
	for (size_t i = 0; i < cases.count; i++)
		put_case(s, &cases.file[i], as, put);
	folder_free(&cases);
	diag_free(&diags);
	str_free(&path);
	stage_close(s);
}
