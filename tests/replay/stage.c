/* SPDX-License-Identifier: BSD-2-Clause */
/* stage.c - see stage.h. */
#include "tests/replay/stage.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/examine.h"
#include "judge/rulefiles.h"
#include "proof/dkimcheck.h"
#include "proof/spf.h"
#include "tests/replay/mail.h"

static const char *const key_kinds[][2] = {
    {"rsa2048", "rsa:2048"},
    {"rsa1024", "rsa:1024"},
    {"rsa512", "rsa:512"},
    {"ed25519", "ed25519"},
};

static const char by[] = "mx.example.net";
static const uint32_t boost = 1u << CLASS_VERIFICATION | 1u << CLASS_SUSPENSION |
			      1u << CLASS_TRANSFER_OUT | 1u << CLASS_CHANGE_OF_REGISTRANT |
			      1u << CLASS_RENEWAL;

struct stage {
	const char *srcdir;
	struct list *list;
	struct classes *classes;
	struct suffixes *suffixes;
	struct lookalikes *lookalikes;
	struct candidate_scratch scratch;
	struct pattern_scratch *pattern;
	struct signing *signing;
};

/* -- opening -------------------------------------------------------------------------------- */

/* The shipped list with the site's entries behind it, as one text. */
static struct list *open_list(const char *srcdir, struct diags *diags)
{
	static const char *const folders[] = {"rules/lists", "tests/replay"};
	struct list *list = list_new();
	bool good = list != NULL;
	for (size_t i = 0; i < 2 && good; i++) {
		struct folder folder;
		struct str path = {0};
		str_printf(&path, "%s/%s", srcdir, folders[i]);
		good = folder_read(str_text(&path), ".list", LIMIT_LIST_BYTES, &folder, diags);
		for (size_t n = 0; good && n < folder.count; n++)
			good =
			    list_parse(list,
				       (struct slice){folder.file[n].text.p, folder.file[n].text.n},
				       folder.file[n].path, i == 1, diags) == 0;
		if (good)
			folder_free(&folder);
		str_free(&path);
	}
	if (good && list_finish(list, diags) == 0 && diags->errors == 0)
		return list;
	list_free(list);
	return NULL;
}

static bool open_rules(struct stage *s)
{
	struct diags diags = {0};
	struct str folder = {0};
	str_printf(&folder, "%s/rules/lists", s->srcdir);
	s->list = open_list(s->srcdir, &diags);
	s->classes = rulefiles_classes(str_text(&folder), false, &diags);
	diag_print(&diags, stderr);
	diag_free(&diags);
	str_free(&folder);
	return s->list && s->classes;
}

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
	s->suffixes = suffixes_open();
	s->pattern = pattern_scratch_new();
	s->signing = signing_open();
	if (open_rules(s) && s->suffixes)
		s->lookalikes = lookalikes_new(s->list, s->suffixes);
	if (s->lookalikes && s->pattern && s->signing && make_keys(s) &&
	    candidate_scratch_init(&s->scratch) && letter_init() && dkimcheck_init() && spf_init())
		return s;
	fprintf(stderr, "the stage cannot be opened\n");
	stage_close(s);
	return NULL;
}

void stage_close(struct stage *s)
{
	if (!s)
		return;
	dkimcheck_deinit();
	signing_close(s->signing);
	candidate_scratch_free(&s->scratch);
	pattern_scratch_free(s->pattern);
	lookalikes_free(s->lookalikes);
	suffixes_close(s->suffixes);
	classes_free(s->classes);
	list_free(s->list);
	free(s);
}

bool stage_mail(struct stage *s, const struct casefile *c, struct str *ret_mail, struct str *why)
{
	return mail_of_case(s->signing, s->srcdir, c, ret_mail, why);
}

/* -- judging -------------------------------------------------------------------------------- */

static bool fill_request(const struct casefile *c, const struct outcome *o, struct request *r)
{
	struct slice ip = casefile_get(c, "Client-Ip"), helo = casefile_get(c, "Helo");
	char text[INET6_ADDRSTRLEN];
	struct address path;
	*r = (struct request){
	    .now = c->now,
	    .message = &o->message,
	    .entry = o->candidate.entry,
	    .want_proof_of_claim = o->candidate.claimed != NULL,
	};
	if (o->candidate.from_plain)
		memcpy(r->from, o->candidate.from.text, sizeof r->from);
	if (address_parse_path(message_sender(&o->message), &path))
		memcpy(r->mail_from, path.text, sizeof r->mail_from);
	slice_copy(helo, r->helo, sizeof r->helo);
	if (!ip.p || casefile_yes(c, "Trusted-Hop"))
		return true;
	r->client_family = memchr(ip.p, ':', ip.n) ? AF_INET6 : AF_INET;
	return slice_copy(ip, text, sizeof text) &&
	       inet_pton(r->client_family, text, r->client_ip) == 1;
}

static bool examine(const struct letter_rules *rules, const struct request *r, struct zone *z,
		    struct slice body, bool cut, size_t piece, struct finding *ret_finding)
{
	struct resolver resolver = zone_resolver(z);
	struct examine *e = examine_begin(r, rules, &resolver);
	if (!e)
		return false;
	while (body.n) {
		size_t n = piece && piece < body.n ? piece : body.n;
		examine_body(e, body.p, n);
		body.p += n;
		body.n -= n;
	}
	bool good = examine_end(e, cut, ret_finding);
	examine_free(e);
	return good;
}

/* What the judge gets, and what comes back from it, packed as between processes. */
static bool judge(struct stage *s, const struct casefile *c, struct slice body, bool cut,
		  size_t piece, struct outcome *o, struct str *why)
{
	const struct letter_rules rules = {s->classes, s->pattern, s->list, s->suffixes};
	struct request request;
	struct request_copy copy;
	struct finding found;
	struct str there = {0}, back = {0};
	struct zone *z = mail_zone(s->signing, c, why);
	bool good = z && fill_request(c, o, &request);
	if (good)
		request_pack(&request, &there);
	good = good && request_unpack((struct slice){there.p, there.n}, &copy) == 0;
	if (good) {
		good = examine(&rules, &copy.request, z, body, cut, piece, &found);
		request_copy_free(&copy);
	}
	if (good)
		finding_pack(&found, &back);
	good = good && finding_unpack((struct slice){back.p, back.n}, &o->finding);
	if (good && zone_counts(z).odd)
		good = false;
	if (!good && !why->n)
		str_puts(why, "no finding, or one that is not taken back, or an odd question");
	zone_free(z);
	str_free(&there);
	str_free(&back);
	return good;
}

static void decide(const struct stage *s, const struct casefile *c, struct outcome *o)
{
	const struct facts facts = {
	    .message = &o->message,
	    .candidate = &o->candidate,
	    .suffixes = s->suffixes,
	    .lookalikes = s->lookalikes,
	    .now = c->now,
	    .sender_signs = casefile_yes(c, "Sender-Signs"),
	    .spf_trusted_hop = casefile_yes(c, "Trusted-Hop"),
	    .ours = OURS_UNSET,
	};
	verdict_decide(&facts, &o->finding, &o->decision);
	edits_mark(&o->message, &o->decision, &o->finding, boost, by, &o->edits);
}

/* The first octets that Body-Cut leaves. */
static struct slice cut_body(const struct casefile *c, struct slice body, bool *ret_cut)
{
	uint64_t most = 0;
	*ret_cut = str_to_u64(casefile_get(c, "Body-Cut"), body.n, &most);
	if (*ret_cut)
		body.n = (size_t)most;
	return body;
}

bool stage_play(struct stage *s, const struct casefile *c, struct slice mail, size_t piece,
		struct outcome *ret_outcome, struct str *why)
{
	struct outcome o = {0};
	bool good = true, cut = false;
	message_init(&o.message);
	char *sender = slice_dup(casefile_get(c, "Mail-From"));
	size_t at = message_parse(&o.message, mail);
	message_set_sender(&o.message, sender ? sender : "");
	free(sender);
	candidate_test(s->list, s->classes, &o.message, &s->scratch, &o.candidate);
	edits_strip(&o.message, EDITS_KEEP_NONE, &o.edits);
	if (o.candidate.lane != CANDIDATE_NO) {
		struct slice body = cut_body(c, (struct slice){mail.p + at, mail.n - at}, &cut);
		good = judge(s, c, body, cut, piece, &o, why);
		if (good)
			decide(s, c, &o);
	}
	if (good)
		*ret_outcome = o;
	else
		outcome_free(&o);
	return good;
}

void outcome_free(struct outcome *o)
{
	message_free(&o->message);
	edits_free(&o->edits);
}
