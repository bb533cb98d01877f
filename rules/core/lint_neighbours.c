/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lint_neighbours.c - entries of which one would be taken for an imitation of the other, were it
 * not listed itself. Of one registrar or one platform they may well be; of different ones, one of
 * them is probably none of the registrar's. Reported where either begins.
 */
#include "rules/core/lint_private.h"
#include "rules/core/lookalike.h"

struct beside {
	struct diags *diags;
	const struct sender *sender;
};

static bool same_text(const char *a, const char *b)
{
	return a && b && str_same_nocase(a, b);
}

static bool note_imitation(const struct imitation *i, void *context)
{
	const struct beside *b = context;
	const struct sender *s = b->sender, *o = i->sender;
	if (!o || !o->enabled || same_text(s->registrar, o->registrar) ||
	    same_text(s->platform_name, o->platform_name))
		return false;
	diag_add(b->diags, s->local || o->local ? DIAG_WARNING : DIAG_ERROR, s->file, s->line, 1,
		 "sender \"%s\": %s would be taken for an imitation of %s (sender \"%s\" at "
		 "%s:%u), and they share neither registrar nor platform",
		 s->name, s->domain, i->name, o->name, o->file, o->line);
	return true;
}

/* Without the memory for it nothing is found. */
void lint_neighbours(const struct list *l, const struct suffixes *suffixes, struct diags *diags)
{
	struct lookalikes *x = lookalikes_new(l, suffixes);
	for (size_t i = 0; x && i < list_count(l); i++) {
		struct beside b = {diags, list_at(l, i)};
		if (b.sender->enabled)
			lookalikes_each(x, b.sender->domain, note_imitation, &b);
	}
	lookalikes_free(x);
}
