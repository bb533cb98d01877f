/* SPDX-License-Identifier: BSD-2-Clause */
/* scene.c - see scene.h. */
#include "tests/replay/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/folder.h"
#include "judge/examine.h"
#include "judge/rulefiles.h"
#include "proof/dkimcheck.h"
#include "proof/spf.h"

static const char by[] = "mx.example.net";
static const uint32_t boost = 1u << CLASS_VERIFICATION | 1u << CLASS_SUSPENSION |
			      1u << CLASS_TRANSFER_OUT | 1u << CLASS_CHANGE_OF_REGISTRANT |
			      1u << CLASS_RENEWAL;

struct scene {
	struct list *list;
	struct classes *classes;
	struct suffixes *suffixes;
	struct lookalikes *lookalikes;
	struct candidate_scratch scratch;
	struct pattern_scratch *pattern;
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

static bool open_rules(struct scene *s, const char *srcdir)
{
	struct diags diags = {0};
	struct str folder = {0};
	str_printf(&folder, "%s/rules/lists", srcdir);
	s->list = open_list(srcdir, &diags);
	s->classes = rulefiles_classes(str_text(&folder), false, &diags);
	diag_print(&diags, stderr);
	diag_free(&diags);
	str_free(&folder);
	return s->list && s->classes;
}

struct scene *scene_open(const char *srcdir)
{
	struct scene *s = calloc(1, sizeof *s);
	if (!s)
		return NULL;
	s->suffixes = suffixes_open();
	s->pattern = pattern_scratch_new();
	if (open_rules(s, srcdir) && s->suffixes)
		s->lookalikes = lookalikes_new(s->list, s->suffixes);
	if (s->lookalikes && s->pattern && candidate_scratch_init(&s->scratch) && letter_init() &&
	    dkimcheck_init() && spf_init())
		return s;
	scene_close(s);
	return NULL;
}

void scene_close(struct scene *s)
{
	if (!s)
		return;
	dkimcheck_deinit();
	candidate_scratch_free(&s->scratch);
	pattern_scratch_free(s->pattern);
	lookalikes_free(s->lookalikes);
	suffixes_close(s->suffixes);
	classes_free(s->classes);
	list_free(s->list);
	free(s);
}

const struct list *scene_list(const struct scene *s)
{
	return s->list;
}

struct letter_rules scene_rules(const struct scene *s)
{
	return (struct letter_rules){s->classes, s->pattern, s->list, s->suffixes};
}

/* -- judging -------------------------------------------------------------------------------- */

void scene_request(const struct play *p, const struct outcome *o, struct request *ret_request)
{
	struct request *r = ret_request;
	struct address path;
	*r = (struct request){
	    .now = p->now,
	    .message = &o->message,
	    .entry = o->candidate.entry,
	    .want_proof_of_claim = o->candidate.claimed != NULL,
	};
	if (o->candidate.from_plain)
		memcpy(r->from, o->candidate.from.text, sizeof r->from);
	if (address_parse_path(message_sender(&o->message), &path))
		memcpy(r->mail_from, path.text, sizeof r->mail_from);
	slice_copy(slice_of(p->helo), r->helo, sizeof r->helo);
	r->client_family = p->trusted_hop ? 0 : p->client_family;
	memcpy(r->client_ip, p->client_ip, sizeof r->client_ip);
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
	examine_prove(e, cut, ret_finding);
	bool good = examine_end(e, cut, ret_finding);
	examine_free(e);
	return good;
}

/* What the judge gets, and what comes back from it, packed as between processes. */
static bool judge(const struct scene *s, const struct play *p, struct slice body, struct outcome *o)
{
	const struct letter_rules rules = scene_rules(s);
	struct request request;
	struct request_copy copy;
	struct finding found;
	struct str there = {0}, back = {0};
	scene_request(p, o, &request);
	request_pack(&request, &there);
	bool good = request_unpack((struct slice){there.p, there.n}, &copy) == 0;
	if (good) {
		good = examine(&rules, &copy.request, p->zone, body, p->cut, p->piece, &found);
		request_copy_free(&copy);
	}
	if (good)
		finding_pack(&found, &back);
	good = good && finding_unpack((struct slice){back.p, back.n}, &o->finding);
	str_free(&there);
	str_free(&back);
	return good && zone_counts(p->zone).odd == 0;
}

void scene_decide(const struct scene *s, const struct play *p, struct outcome *o)
{
	const struct facts facts = {
	    .message = &o->message,
	    .candidate = &o->candidate,
	    .suffixes = s->suffixes,
	    .lookalikes = s->lookalikes,
	    .now = p->now,
	    .sender_signs = p->sender_signs,
	    .spf_trusted_hop = p->trusted_hop,
	    .ours = OURS_UNSET,
	};
	verdict_decide(&facts, &o->finding, &o->decision);
	edits_mark(&o->message, &o->decision, &o->finding, boost, by, &o->edits);
}

size_t scene_read(struct scene *s, const struct play *p, struct slice mail,
		  struct outcome *ret_outcome)
{
	struct outcome *o = ret_outcome;
	*o = (struct outcome){0};
	message_init(&o->message);
	size_t at = message_parse(&o->message, mail);
	message_set_sender(&o->message, p->mail_from);
	candidate_test(s->list, s->classes, &o->message, &s->scratch, &o->candidate);
	edits_strip(&o->message, EDITS_KEEP_NONE, &o->edits);
	return at;
}

bool scene_play(struct scene *s, const struct play *p, struct slice mail,
		struct outcome *ret_outcome)
{
	struct outcome o;
	size_t at = scene_read(s, p, mail, &o);
	struct slice body = {mail.p + at, mail.n - at};
	bool good = true;
	if (p->cut && body.n > p->cut_at)
		body.n = p->cut_at;
	if (o.candidate.lane != CANDIDATE_NO) {
		good = judge(s, p, body, &o);
		if (good)
			scene_decide(s, p, &o);
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
