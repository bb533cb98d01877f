/* SPDX-License-Identifier: BSD-2-Clause */
/* doctor_dependence.c - what all domains depend on alone, in the sentences of the digest. */
#include "cli/dependence.h"
#include "cli/doctor/doctor.h"

enum {
	WAIT_MS = 5000,
};

/* One registrar for all is how most sites live. Mail that goes dark with its domain is a fault. */
static void say(void *context, const struct dependence *d)
{
	struct str text = {0};

	dependence_print(d, &text);
	doctor_find(context, d->kind == DEPENDENCE_ITSELF ? DOCTOR_WARNING : DOCTOR_OK,
		    d->kind == DEPENDENCE_ITSELF
			? "name an address off that domain at its registrar"
			: NULL,
		    "%s", str_text(&text));
	str_free(&text);
}

void doctor_dependence(struct doctor *d, struct doctor_finding *f)
{
	struct store *store = NULL;
	char why[256];

	if (store_open(d->cli->config->database, STORE_READ, WAIT_MS, &store, why) != STORE_OK)
		doctor_find(f, DOCTOR_UNKNOWN, NULL, "%s", why);
	else if (!dependence_each(store, say, f))
		doctor_find(f, DOCTOR_UNKNOWN, NULL, "the database does not say");
	else if (f->says.n == 0)
		doctor_find(f, DOCTOR_OK, NULL,
			    "nothing is known on which all of our domains depend alone");
	if (store != NULL)
		store_close(store);
}
