/* SPDX-License-Identifier: BSD-2-Clause */
/* apply.c - see apply.h. The order of the edits is edits.c's; libmilter's counting is 1-based. */
#include "milter/apply.h"

static int apply_one(SMFICTX *ctx, const struct edit *e, struct str *value)
{
	char *text = value->p;

	switch (e->action) {
	case EDIT_DELETE: return smfi_chgheader(ctx, e->name, (int)e->index, NULL);
	case EDIT_CHANGE: return smfi_chgheader(ctx, e->name, (int)e->index, text);
	case EDIT_INSERT: return smfi_insheader(ctx, 0, e->name, text);
	case EDIT_ADD: return smfi_addheader(ctx, e->name, text);
	}
	return MI_FAILURE;
}

size_t apply_edits(SMFICTX *ctx, const struct edits *edits, bool leading_space)
{
	struct str value = {0};
	size_t failed = 0;

	for (size_t i = 0; i < edits->count; i++) {
		const struct edit *e = &edits->list[i];

		str_reset(&value);
		if (e->value != NULL) {
			str_puts(&value, leading_space ? " " : "");
			str_puts(&value, e->value);
		}
		if (value.failed || apply_one(ctx, e, &value) != MI_SUCCESS)
			failed++;
	}
	str_free(&value);
	return failed;
}
