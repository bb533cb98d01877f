/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The whole judgement of a message: candidate, request, judge's work, record, verdict, edits, row;
 * the mail and how it comes as in mailplay.h.
 *
 * Whatever comes in, what holds.h says holds; the finding is the same when the body comes in pieces
 * of seven octets; no question is about a name that may not be asked.
 */
#include "tests/fuzz/fuzz.h"

#include "tests/fuzz/cases.h"
#include "tests/fuzz/holds.h"
#include "tests/fuzz/mailplay.h"

void fuzz_seeds(void (*put)(const char *name, const void *p, size_t n))
{
	cases_each(CASES_PLAY, put);
}

static void hold_same(const struct finding *a, const struct finding *b)
{
	struct str one = {0}, other = {0};
	finding_pack(a, &one);
	finding_pack(b, &other);
	FUZZ_HOLDS(fuzz_same((struct slice){one.p, one.n}, (struct slice){other.p, other.n}));
	str_free(&one);
	str_free(&other);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct scene *scene;
	struct mailplay m;
	struct outcome whole, pieces;
	if (!scene)
		scene = scene_open(fuzz_srcdir());
	FUZZ_HOLDS(scene);
	mailplay_read((struct slice){(const char *)p, n}, &m);
	FUZZ_HOLDS(scene_play(scene, &m.play, m.mail, &whole));
	holds_outcome(&whole);
	if (whole.candidate.lane != CANDIDATE_NO) {
		holds_finding(&whole.finding);
		m.play.piece = 7;
		FUZZ_HOLDS(scene_play(scene, &m.play, m.mail, &pieces));
		hold_same(&whole.finding, &pieces.finding);
		outcome_free(&pieces);
	}
	outcome_free(&whole);
	mailplay_free(&m);
	return 0;
}
