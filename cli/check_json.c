/* SPDX-License-Identifier: BSD-2-Clause */
/* check_json.c - keepname check --json: one object, stable keys, absent values null. */
#include "cli/check.h"

static json_t *links(const struct finding *f)
{
	json_t *array = json_array();

	for (uint32_t i = 0; i < f->link_kept; i++)
		json_array_append_new(
		    array, json_pack("{s:o s:s s:b}", "url_host", cli_json_text(f->link[i].host),
				     "kind", link_kind_name(f->link[i].kind), "expected",
				     (int)f->link[i].expected));
	return array;
}

static json_t *proof(const struct checked *c)
{
	static const char *const policy[] = {"none", "quarantine", "reject"};
	const struct finding *f = &c->finding;
	json_t *dkim = json_array();

	for (uint32_t i = 0; i < f->dkim_count; i++)
		json_array_append_new(
		    dkim, json_pack("{s:o s:o s:s s:b}", "d", cli_json_text(f->dkim[i].d), "s",
				    cli_json_text(f->dkim[i].s), "result",
				    auth_result_name(f->dkim[i].result), "aligned",
				    (int)c->decision.dkim_aligned[i]));
	return json_pack("{s:o s:{s:s s:o s:b} s:o}", "dkim", dkim, "spf", "result",
			 auth_result_name(f->spf), "domain", cli_json_text(f->spf_domain),
			 "aligned", (int)(c->decision.spf_aligned && f->spf_domain[0] != '\0'),
			 "dmarc",
			 f->dmarc_record == AUTH_PASS && f->dmarc_policy < 3
			     ? json_string(policy[f->dmarc_policy])
			     : json_null());
}

static json_t *conditions(const struct checked *c)
{
	json_t *object = json_object();

	for (int i = 0; i < CONDITION_COUNT; i++)
		json_object_set_new(
		    object, condition_name((enum condition)i),
		    json_string(proof_name(c->judged ? c->decision.condition[i] : PROOF_UNKNOWN)));
	return object;
}

static json_t *edits(const struct edits *e)
{
	json_t *array = json_array();

	for (size_t i = 0; i < e->count; i++)
		json_array_append_new(
		    array,
		    json_pack("{s:s s:s s:o}", "action", edit_action_name(e->list[i].action),
			      "name", e->list[i].name, "value", cli_json_text(e->list[i].value)));
	return array;
}

json_t *check_json(const struct checked *c)
{
	const struct decision *d = &c->decision;
	const struct sender *entry = d->entry;

	return json_pack("{s:s s:o s:o s:o s:o s:o s:o s:o s:o s:o s:b s:o s:o s:o s:o}", "verdict",
			 verdict_name(d->verdict), "reasons", cli_json_reasons(d), "class",
			 cli_json_text(class_name(d->class)), "registrar",
			 cli_json_text(entry != NULL ? entry->registrar : NULL), "sender",
			 cli_json_text(entry != NULL ? entry->name : NULL), "from",
			 cli_json_text(c->candidate.from_plain ? c->candidate.from.text : NULL),
			 "imitates", cli_json_text(d->imitates), "domains",
			 cli_json_domains(&c->finding), "deadline", cli_json_time(d->deadline),
			 "deadline_source", cli_json_text(deadline_source_name(d->deadline_source)),
			 "deadline_refused", (int)d->deadline_refused, "links", links(&c->finding),
			 "proof", proof(c), "conditions", conditions(c), "edits", edits(&c->edits));
}
