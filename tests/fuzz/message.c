/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The whole judgement of a message: candidate, request, judge's work, record, verdict, edits, row.
 * Input: DNS in zone.h's text form, a line "%%", the mail; or the mail alone, with an SPF record by
 * which the envelope of every input is proved.
 *
 * Whatever comes in: nothing is genuine but a plain listed From, proved, whose links all lead where
 * they should; edits are such that an MTA can carry them out; a record packed and unpacked is the
 * same.
 */
#include "tests/fuzz/fuzz.h"

#include "db/record.h"
#include "tests/replay/stage.h"

static const char head[] = "Mail: x\nNow: 2026-11-22T12:00:00Z\nVerdict: none\n"
			   "Mail-From: <bounce@emailverification.info>\nClient-Ip: 192.0.2.10\n"
			   "Dns:\n";
static const char proved[] = "emailverification.info TXT v=spf1 ip4:192.0.2.10 -all\n";

static struct stage *stage;

static void check_genuine(const struct outcome *o)
{
	const struct candidate *c = &o->candidate;
	FUZZ_CHECK(c->from_plain && c->entry && c->entry->enabled, "an unlisted From is genuine");
	FUZZ_CHECK(c->lane == CANDIDATE_LISTED, "lane");
	FUZZ_CHECK(o->message.mark_count[MARK_FROM] == 1, "%u From headers are genuine",
		   o->message.mark_count[MARK_FROM]);
	FUZZ_CHECK(o->finding.link_expected == o->finding.link_count, "a link leads elsewhere");
	FUZZ_CHECK(o->finding.links == PROOF_YES, "links");
	FUZZ_CHECK(*o->decision.proof, "no proof");
	FUZZ_CHECK(!o->message.overflow, "past a limit");
	for (int i = 0; i < CONDITION_COUNT; i++)
		FUZZ_CHECK(o->decision.condition[i] == PROOF_YES, "condition %d", i);
}

static void check_edit(const struct edit *e, bool genuine)
{
	size_t column = 0;
	bool ours = strcasecmp(e->name, MESSAGE_OUR_HEADER) == 0;
	FUZZ_CHECK(ours || genuine || !e->value, "%s is marked", e->name);
	for (const char *p = e->value ? e->value : ""; *p; p++) {
		unsigned char c = (unsigned char)*p;
		FUZZ_CHECK(c == '\n' || c == '\t' || (c >= ' ' && c < 0x7f), "octet %d", c);
		FUZZ_CHECK(c != '\n' || p[1] == '\t', "a value that ends its header");
		column = c == '\n' ? 0 : column + 1;
		FUZZ_CHECK(column < 998, "a line of %zu octets", column);
	}
}

static void check_record(const struct outcome *o)
{
	struct str packed = {0}, again = {0}, line = {0};
	struct record *r =
	    record_new(&o->message, &o->candidate, &o->decision, &o->finding, 1795348800, "Q");
	FUZZ_CHECK(r, "record");
	record_pack(r, &packed);
	struct record *back = record_unpack((struct slice){packed.p, packed.n});
	FUZZ_CHECK(back, "a record of ours is not taken back");
	record_pack(back, &again);
	FUZZ_CHECK(packed.n == again.n && memcmp(packed.p, again.p, again.n) == 0, "not the same");
	record_print(back, &line);
	FUZZ_CHECK(!memchr(str_text(&line), '\n', line.n), "a log line of two");
	record_free(back);
	record_free(r);
	str_free(&packed);
	str_free(&again);
	str_free(&line);
}

static void check(const struct outcome *o)
{
	const bool genuine = o->decision.verdict == VERDICT_GENUINE;
	if (genuine)
		check_genuine(o);
	for (size_t i = 0; i < o->edits.count; i++)
		check_edit(&o->edits.list[i], genuine);
	if (o->candidate.lane != CANDIDATE_NO && o->decision.verdict != VERDICT_NONE)
		check_record(o);
}

/* The zone's lines below Dns, each behind a space. */
static void say_case(struct slice zone, struct str *to)
{
	str_puts(to, head);
	while (zone.n > 0) {
		const char *end = memchr(zone.p, '\n', zone.n);
		size_t n = end ? (size_t)(end - zone.p) + 1 : zone.n;
		str_putc(to, ' ');
		str_add(to, zone.p, n);
		zone = (struct slice){zone.p + n, zone.n - n};
	}
	str_putc(to, '\n');
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct slice rest = {(const char *)p, n};
	struct slice zone = fuzz_part(&rest), mail = rest;
	char name[] = "fuzz.case";
	struct folder_file file = {.path = name};
	struct diags diags = {0};
	struct casefile c;
	struct outcome o;
	struct str why = {0};
	if (!stage)
		stage = stage_open(fuzz_srcdir());
	FUZZ_CHECK(stage, "no stage");
	if (zone.n == n) {
		mail = zone;
		zone = slice_of(proved);
	}
	say_case(zone, &file.text);
	if (casefile_read(&file, &c, &diags)) {
		/* False for a zone that cannot be read. */
		if (stage_play(stage, &c, mail, 0, &o, &why)) {
			check(&o);
			outcome_free(&o);
		}
		casefile_free(&c);
	}
	diag_free(&diags);
	str_free(&file.text);
	str_free(&why);
	return 0;
}
