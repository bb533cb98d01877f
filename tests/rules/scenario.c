/* SPDX-License-Identifier: BSD-2-Clause */
/* scenario.c - see scenario.h. */
#include "tests/rules/scenario.h"

static const char list_text[] = "Sender: one\n"
				"From: noreply@listed.example\n"
				"Registrar: One\n"
				"Classes: verification, suspension, wdrp, verified\n"
				"Reply-To: help@elsewhere.example\n"
				"Confidence: A\n"
				"Evidence: https://e.example/\n"
				"Last-Seen: undated\n"
				"\n"
				"Sender: sub\n"
				"From: noreply@mail.sub.example\n"
				"Registrar: Sub\n"
				"Classes: verification\n"
				"Code: yes\n"
				"Confidence: A\n"
				"Evidence: https://e.example/\n"
				"Last-Seen: undated\n"
				"\n"
				"Sender: strict\n"
				"From: noreply@strict.example\n"
				"Registrar: Strict\n"
				"Classes: verification\n"
				"Align: strict\n"
				"Confidence: A\n"
				"Evidence: https://e.example/\n"
				"Last-Seen: undated\n"
				"\n"
				"Sender: off\n"
				"From: noreply@disabled.example\n"
				"Registrar: Off\n"
				"Classes: verification\n"
				"Confidence: C\n"
				"Evidence: https://e.example/\n"
				"Last-Seen: undated\n"
				"Status: disabled\n";

void scenario_base(struct scenario *s)
{
	*s = (struct scenario){
	    .headers = "From: One <noreply@listed.example>\nSubject: x\n",
	    .sender = "<bounce@listed.example>",
	    .f = {.dkim = {{"listed.example", "s", AUTH_PASS, 0, NOW - DAY}},
		  .dkim_count = 1,
		  .spf = AUTH_PASS,
		  .spf_domain = "listed.example",
		  .dmarc_record = AUTH_PASS,
		  .dmarc_policy = 2,
		  .class = CLASS_VERIFICATION,
		  .date = NOW - DAY,
		  .deadline = NOW + 14 * DAY,
		  .deadline_source = DEADLINE_STATED,
		  .asks_action = true,
		  .links = PROOF_YES,
		  .link = {{"listed.example", LINK_A, true}},
		  .link_kept = 1,
		  .link_count = 1,
		  .link_expected = 1},
	};
}

void scenario_decide(struct world *w, const struct scenario *s, struct decision *ret_decision)
{
	message_reset(&w->message);
	message_set_sender(&w->message, s->sender);
	message_parse(&w->message, slice_of(s->headers));
	candidate_test(w->list, w->classes, &w->message, &w->scratch, &w->candidate);
	w->message.overflow = s->overflow;
	if (s->signatures)
		w->message.mark_count[MARK_DKIM] = s->signatures;
	const struct facts facts = {.message = &w->message,
				    .candidate = &w->candidate,
				    .suffixes = w->suffixes,
				    .lookalikes = w->lookalikes,
				    .now = NOW,
				    .sender_signs = s->sender_signs,
				    .spf_trusted_hop = s->trusted_hop,
				    .by_authserv = s->by_authserv,
				    .ours = s->ours};
	verdict_decide(&facts, &s->f, ret_decision);
}

static void print_reasons(uint32_t reasons)
{
	for (unsigned r = 0; r < REASON_COUNT; r++)
		if (reasons & 1u << r)
			print_error(" %s", reason_name((enum reason)r));
	print_error("\n");
}

void scenario_check(struct world *w, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct scenario s;
		struct decision d;
		scenario_base(&s);
		rows[i].change(&s);
		scenario_decide(w, &s, &d);
		if (d.reasons != rows[i].reasons)
			print_reasons(d.reasons);
		CHECK(d.verdict == rows[i].want, "%s: got %s", rows[i].name,
		      verdict_name(d.verdict));
		CHECK(d.reasons == rows[i].reasons, "%s: got %x", rows[i].name, d.reasons);
		CHECK(!strcmp(d.proof, rows[i].proof), "%s: got %s", rows[i].name, d.proof);
		if (d.verdict == VERDICT_GENUINE)
			for (unsigned c = 0; c < CONDITION_COUNT; c++)
				CHECK(d.condition[c] == PROOF_YES, "%s: %u", rows[i].name, c);
	}
}

int scenario_set_up(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	struct diags diags = {0};
	struct classes_builder *b = classes_builder_new();
	if (!w || !b)
		return -1;
	w->list = list_new();
	w->suffixes = suffixes_open();
	w->classes = classes_build(b, true, &diags);
	message_init(&w->message);
	if (!w->list || !w->suffixes || !w->classes || !candidate_scratch_init(&w->scratch) ||
	    list_parse(w->list, slice_of(list_text), "list", false, &diags) ||
	    list_finish(w->list, &diags))
		return -1;
	w->lookalikes = lookalikes_new(w->list, w->suffixes);
	if (!w->lookalikes)
		return -1;
	for (size_t i = 0; i < diags.count; i++)
		print_error("%s:%u: %s\n", diags.list[i].file, diags.list[i].line,
			    diags.list[i].text);
	*state = w;
	return diags.count == 0 ? 0 : -1;
}

int scenario_tear_down(void **state)
{
	struct world *w = *state;
	lookalikes_free(w->lookalikes);
	list_free(w->list);
	classes_free(w->classes);
	suffixes_close(w->suffixes);
	candidate_scratch_free(&w->scratch);
	message_free(&w->message);
	free(w);
	return 0;
}
