/* SPDX-License-Identifier: BSD-2-Clause */
/* apply.h - carries out a list of edits through libmilter: the only caller of its edit functions.
 */
#ifndef MILTER_APPLY_H
#define MILTER_APPLY_H

#include <libmilter/mfapi.h>

#include "rules/core/edits.h"

/* In order. leading_space: HDR_LEADSPC is in use, so our values begin with the space. Returns how
 * many could not be made. */
size_t apply_edits(SMFICTX *ctx, const struct edits *edits, bool leading_space);

#endif
