/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a judge that an attacker has taken over can claim about a mail, and what the daemon
 * makes of it: a packed finding, taken in as from a judge, for three mails: of a listed sender,
 * of one that is listed and switched off, of a stranger.
 *
 * Beside what holds.h says: whatever is claimed, only the mail of the listed sender can be genuine.
 */
#include "tests/fuzz/fuzz.h"

#include "tests/fuzz/cases.h"
#include "tests/fuzz/holds.h"

static struct scene *scene;
static char *listed, *disabled; /* From addresses */

static char *from_of(bool enabled)
{
	const struct list *l = scene_list(scene);
	for (size_t i = 0; i < list_count(l); i++)
		if (list_at(l, i)->from && list_at(l, i)->enabled == enabled)
			return list_at(l, i)->from;
	return NULL;
}

void fuzz_seeds(void (*put)(const char *name, const void *p, size_t n))
{
	cases_each(CASES_RECORD, put);
}

static void open_scene(void)
{
	scene = scene_open(fuzz_srcdir());
	FUZZ_HOLDS(scene);
	listed = from_of(true);
	disabled = from_of(false);
	FUZZ_HOLDS(listed && disabled);
}

static void decide(const char *from, const struct finding *f, int64_t now)
{
	static const char rest[] = "Subject: Verify your email address\n"
				   "X-Priority: 3\nX-Keepname: genuine\n\n";
	const struct play play = {.now = now, .mail_from = from, .helo = "", .zone = NULL};
	struct str mail = {0};
	struct outcome o;
	str_printf(&mail, "From: <%s>\n%s", from, rest);
	scene_read(scene, &play, (struct slice){mail.p, mail.n}, &o);
	o.finding = *f;
	scene_decide(scene, &play, &o);
	FUZZ_HOLDS(from == listed || o.decision.verdict != VERDICT_GENUINE);
	holds_outcome(&o);
	outcome_free(&o);
	str_free(&mail);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct finding f;
	struct slice input = {(const char *)p, n};
	if (!scene)
		open_scene();
	if (!finding_unpack(input, &f))
		return 0;
	struct str again = {0};
	finding_pack(&f, &again);
	FUZZ_HOLDS(fuzz_same(input, (struct slice){again.p, again.n}));
	str_free(&again);
	int64_t now = f.date ? f.date : INT64_C(1795348800);
	decide(listed, &f, now);
	decide(disabled, &f, now);
	decide("stranger@attacker.example", &f, now);
	return 0;
}
