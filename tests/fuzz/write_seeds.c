/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * write_seeds FOLDER: the seeds that are made of the tree's own cases, each target's in a folder of
 * its name.
 *
 *   judge    every case of tests/replay/cases: its mail, signed, and its DNS with the keys
 *   record   what the judge finds in them, packed
 *   child    what went to a judge that found it, as frames, answers of the DNS among them
 *   client   what came from that judge, all of it after the end of the body
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/fuzz/write_frames.h"
#include "tests/replay/mail.h"
#include "tests/replay/stage.h"

enum {
	CASES_BYTES = 1024 * 1024,
};

static bool write_seed(const char *folder, const char *target, const char *name,
		       const struct str *text)
{
	struct str path = {0};
	str_printf(&path, "%s/%s", folder, target);
	bool good = mkdir(str_text(&path), 0755) == 0 || errno == EEXIST;
	str_printf(&path, "/%s", name);
	FILE *to = good ? fopen(str_text(&path), "w") : NULL;
	good = to && fwrite(str_text(text), 1, text->n, to) == text->n;
	if (to)
		good = fclose(to) == 0 && good;
	str_free(&path);
	return good;
}

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

static bool write_record(const struct finding *f, const char *folder, const char *name)
{
	struct str record = {0};
	finding_pack(f, &record);
	bool good = write_seed(folder, "record", name, &record);
	str_free(&record);
	return good;
}

/* Both ways of a mail that is a candidate. */
static bool write_exchange(struct stage *s, const struct casefile *c, struct slice mail,
			   const char *folder, struct str *why)
{
	struct str to = {0}, from = {0};
	struct stage_way *w = stage_way_open(s, c, why);
	str_putc(&from, 0);
	bool good = w && write_frames(stage_scene(s), &w->play, mail, &to, &from) &&
		    write_seed(folder, "child", c->name, &to) &&
		    write_seed(folder, "client", c->name, &from);
	stage_way_close(w);
	str_free(&to);
	str_free(&from);
	return good;
}

static bool write_case(struct stage *s, const struct casefile *c, const char *folder,
		       struct str *why)
{
	struct str play = {0}, mail = {0};
	struct outcome o = {0};
	bool good = add_play(s, c, &play, why) && stage_mail(s, c, &mail, why);
	struct slice text = {mail.p, mail.n};
	str_puts(&play, ".\n");
	str_add(&play, str_text(&mail), mail.n);
	good = good && write_seed(folder, "judge", c->name, &play) &&
	       stage_play(s, c, text, 0, &o, why);
	if (good && o.candidate.lane != CANDIDATE_NO)
		good = write_record(&o.finding, folder, c->name) &&
		       write_exchange(s, c, text, folder, why);
	if (good)
		outcome_free(&o);
	str_free(&play);
	str_free(&mail);
	return good;
}

static bool write_cases(struct stage *s, const struct folder *cases, const char *folder)
{
	struct str why = {0};
	bool good = true;
	for (size_t i = 0; i < cases->count && good; i++) {
		struct casefile c;
		struct diags diags = {0};
		good = casefile_read(&cases->file[i], &c, &diags);
		if (good) {
			good = write_case(s, &c, folder, &why);
			casefile_free(&c);
		}
		diag_print(&diags, stderr);
		diag_free(&diags);
		if (!good)
			fprintf(stderr, "%s: %s\n", cases->file[i].path, str_text(&why));
	}
	str_free(&why);
	return good;
}

int main(int argc, char **argv)
{
	const char *srcdir = getenv("srcdir");
	struct str path = {0};
	struct folder cases;
	struct diags diags = {0};
	if (argc != 2)
		return 2;
	str_printf(&path, "%s/tests/replay/cases", srcdir ? srcdir : ".");
	struct stage *s = stage_open(srcdir ? srcdir : ".");
	bool good = s && folder_read(str_text(&path), ".case", CASES_BYTES, &cases, &diags);
	if (good) {
		good = write_cases(s, &cases, argv[1]);
		folder_free(&cases);
	}
	diag_print(&diags, stderr);
	diag_free(&diags);
	str_free(&path);
	stage_close(s);
	return good ? 0 : 1;
}
