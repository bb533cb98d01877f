/* SPDX-License-Identifier: BSD-2-Clause */
/* doctor_postfix.c - what Postfix's configuration makes of us. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/doctor/doctor.h"
#include "cli/outside.h"
#include "cli/setup/setup_settings.h"

#define SETUP_IT "keepname setup postfix --write"

enum {
	SECONDS = 20,
};

/* True where there is a Postfix to ask; else the check is done. */
static bool applies(const struct doctor *d, struct doctor_finding *f)
{
	if (!d->has_postfix)
		doctor_find(f, d->without_postfix, "postfix check", "%s", d->why_no_postfix);
	return d->has_postfix;
}

/* Our place in a list of milters, from 1; 0: not in it. ret_element may be NULL. */
static size_t place_of_ours(const struct doctor *d, const char *list, struct slice *ret_element)
{
	size_t at = 0, n = 0;
	struct slice e;

	while (setup_element_next(slice_of(list), &at, &e)) {
		n++;
		if (!setup_element_is_ours(e, slice_of(str_text(&d->postfix_socket))))
			continue;
		if (ret_element != NULL)
			*ret_element = e;
		return n;
	}
	return 0;
}

void doctor_milters(struct doctor *d, struct doctor_finding *f)
{
	struct str list = {0};
	struct slice e;
	size_t place;

	if (!applies(d, f))
		return;
	postfix_value(&d->postfix, "smtpd_milters", &list);
	place = place_of_ours(d, str_text(&list), &e);
	if (place == 0) {
		doctor_find(f, DOCTOR_CRITICAL, SETUP_IT " && postfix reload",
			    "keepname is not in smtpd_milters");
	} else if (place > 1) {
		doctor_find(f, DOCTOR_WARNING, SETUP_IT " && postfix reload",
			    "keepname is number %zu in smtpd_milters: the filters before it "
			    "cannot hear it",
			    place);
	} else {
		const struct slice endpoint = setup_element_endpoint(e);

		doctor_find(f, DOCTOR_OK, NULL, "keepname leads smtpd_milters: %.*s",
			    (int)endpoint.n, endpoint.p);
	}
	str_free(&list);
}

void doctor_when_down(struct doctor *d, struct doctor_finding *f)
{
	struct str list = {0}, action = {0};
	struct slice e;

	if (!applies(d, f))
		return;
	postfix_value(&d->postfix, "smtpd_milters", &list);
	postfix_value(&d->postfix, "milter_default_action", &action);
	if (place_of_ours(d, str_text(&list), &e) == 0) {
		doctor_find(f, DOCTOR_UNKNOWN, NULL, "keepname is not in smtpd_milters");
	} else {
		static const char key[] = "default_action=";
		char *own = slice_dup(e);
		const char *at = own != NULL ? strstr(own, key) : NULL;

		if (at != NULL) {
			str_reset(&action);
			at += sizeof(key) - 1;
			str_add(&action, at, strcspn(at, ",} \t\r\n"));
		}
		free(own);
		if (strcmp(str_text(&action), "accept") == 0)
			doctor_find(f, DOCTOR_OK, NULL, "mail flows on while keepname is down");
		else
			doctor_find(f, DOCTOR_WARNING,
				    "add default_action=accept to keepname's element of "
				    "smtpd_milters",
				    "while keepname is down Postfix does \"%s\" with all mail",
				    str_text(&action));
	}
	str_free(&list);
	str_free(&action);
}

void doctor_non_smtpd(struct doctor *d, struct doctor_finding *f)
{
	struct str list = {0};

	if (!applies(d, f))
		return;
	postfix_value(&d->postfix, "non_smtpd_milters", &list);
	if (place_of_ours(d, str_text(&list), NULL) == 0)
		doctor_find(f, DOCTOR_OK, NULL, "keepname is not in non_smtpd_milters");
	else
		doctor_find(f, DOCTOR_WARNING,
			    "write the other filters into non_smtpd_milters, without keepname "
			    "and without $smtpd_milters",
			    "keepname is in non_smtpd_milters: mail that comes back by the "
			    "sendmail command loses its header");
	str_free(&list);
}

/* -- services of master.cf ------------------------------------------------------------------ */

static bool is_named(const char *name, const char *const *names)
{
	const char *colon = strrchr(name, ':');

	if (colon != NULL)
		name = colon + 1;
	for (; *names != NULL; names++)
		if (strcmp(name, *names) == 0)
			return true;
	return false;
}

/* Mail comes back here from a content filter: it has content_filter switched off. */
static bool takes_mail_back(const struct postfix_service *s)
{
	struct str filter = {0};
	const bool back = postfix_own_value(s, "content_filter", &filter) && filter.n == 0;

	str_free(&filter);
	return back;
}

static void look_at_returning(struct doctor_finding *f, const struct postfix_service *s, bool ours)
{
	struct str override = {0};

	postfix_own_value(s, "receive_override_options", &override);
	if (ours && strstr(str_text(&override), "no_milters") == NULL)
		doctor_find(f, DOCTOR_WARNING,
			    "give it -o smtpd_milters= in master.cf, then: postfix reload",
			    "%s takes mail back from a content filter and asks keepname again, "
			    "which takes its own header for a forged one",
			    s->name);
	if (strstr(str_text(&override), "no_header_body_checks") == NULL)
		doctor_find(f, DOCTOR_WARNING,
			    "give it -o receive_override_options=no_milters,no_header_body_checks",
			    "%s takes mail back from a content filter, and header_checks take "
			    "keepname's header away there",
			    s->name);
	str_free(&override);
}

static void look_at(struct doctor *d, struct doctor_finding *f, const struct postfix_service *s,
		    const char *main_list)
{
	static const char *const submission[] = {"submission", "submissions", "smtps",
						 "587",        "465",         NULL};
	static const char *const outside[] = {"smtp", "smtpd", "25", NULL};
	struct str own = {0};
	const bool has_own = postfix_own_value(s, "smtpd_milters", &own);
	const bool ours = place_of_ours(d, has_own ? str_text(&own) : main_list, NULL) > 0;

	if (takes_mail_back(s))
		look_at_returning(f, s, ours);
	else if (is_named(s->name, submission) && ours)
		doctor_find(f, DOCTOR_WARNING,
			    "give it -o smtpd_milters= with the other filters in master.cf, then: "
			    "postfix reload",
			    "%s asks keepname about mail of your own users", s->name);
	else if (is_named(s->name, outside) && has_own && !ours)
		doctor_find(f, DOCTOR_CRITICAL,
			    "take -o smtpd_milters out of that service, or put keepname first in "
			    "it",
			    "%s of master.cf has its own smtpd_milters, without keepname", s->name);
	str_free(&own);
}

void doctor_services(struct doctor *d, struct doctor_finding *f)
{
	struct str list = {0};

	if (!applies(d, f))
		return;
	postfix_value(&d->postfix, "smtpd_milters", &list);
	for (size_t i = 0; i < d->postfix.count; i++)
		if (strcmp(d->postfix.service[i].program, "smtpd") == 0)
			look_at(d, f, &d->postfix.service[i], str_text(&list));
	if (f->says.n == 0)
		doctor_find(f, DOCTOR_OK, NULL,
			    "mail from outside is asked about, and no other (%zu services)",
			    d->postfix.count);
	str_free(&list);
}

/* -- header checks -------------------------------------------------------------------------- */

/* What a table answers for a forged header; empty for nothing. */
static void ask_table(const struct doctor *d, struct slice table, struct str *ret_answer)
{
	char *name = slice_dup(table);
	const char *const argv[] = {
	    "postmap", "-c", d->postfix.folder, "-q", "X-Keepname: genuine; class=verification",
	    name,      NULL};
	struct outside o = {0};

	if (name != NULL && outside_run(argv, SECONDS, &o) == 0) {
		const struct slice said = slice_trim((struct slice){str_text(&o.out), o.out.n});

		str_add(ret_answer, said.p, said.n);
	}
	outside_free(&o);
	free(name);
}

void doctor_header_checks(struct doctor *d, struct doctor_finding *f)
{
	struct str list = {0}, answer = {0};
	struct slice table = {"", 0};
	size_t at = 0;

	if (!applies(d, f))
		return;
	postfix_value(&d->postfix, "header_checks", &list);
	while (answer.n == 0 && setup_element_next(slice_of(str_text(&list)), &at, &table))
		ask_table(d, table, &answer);
	if (answer.n == 0)
		doctor_find(f, DOCTOR_WARNING, SETUP_IT " && postfix reload",
			    "no table of header_checks takes forged X-Keepname headers away: they "
			    "come through while keepname is down");
	else if (strncmp(str_text(&answer), "IGNORE", 6) == 0 ||
		 strncmp(str_text(&answer), "STRIP", 5) == 0)
		doctor_find(f, DOCTOR_OK, NULL,
			    "forged X-Keepname headers are taken away while keepname is down, too");
	else
		doctor_find(f, DOCTOR_WARNING, SETUP_IT " && postfix reload",
			    "%.*s answers first for a forged X-Keepname header, with \"%s\"",
			    (int)table.n, table.p, str_text(&answer));
	str_free(&list);
	str_free(&answer);
}

void doctor_bare_newline(struct doctor *d, struct doctor_finding *f)
{
	static const char todo[] =
	    "postconf -e smtpd_forbid_bare_newline=normalize && postfix reload";
	struct str value = {0};

	if (!applies(d, f))
		return;
	if (!postfix_value(&d->postfix, "smtpd_forbid_bare_newline", &value) || value.n == 0)
		doctor_find(f, DOCTOR_WARNING, "update Postfix",
			    "this Postfix does not know smtpd_forbid_bare_newline: a mail can hide "
			    "another, whose envelope nobody checked");
	else if (strcmp(str_text(&value), "no") == 0)
		doctor_find(f, DOCTOR_WARNING, todo,
			    "smtpd_forbid_bare_newline is \"no\": a mail can hide another, whose "
			    "envelope nobody checked");
	else
		doctor_find(f, DOCTOR_OK, NULL, "smtpd_forbid_bare_newline is \"%s\"",
			    str_text(&value));
	str_free(&value);
}
