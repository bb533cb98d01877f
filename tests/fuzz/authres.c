/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a server of ours wrote into a mail. Input: the headers. Names that are heard are plain, and
 * stand in a line of the mail that holds the server's id; who does not know the id is never heard,
 * nor is a mail that has not come in at all.
 */
#include "tests/fuzz/fuzz.h"

#include "rules/core/authres.h"
#include "rules/core/domain.h"

static const char id[] = "mx.example.net";

static bool has_results(const struct message *m)
{
	for (size_t i = 0; i < m->header_count; i++) {
		struct slice value = message_value(m, i);
		if (slice_is_nocase(message_name(m, i), "Authentication-Results") &&
		    strcasestr(value.p, id) && strcasestr(value.p, "pass"))
			return true;
	}
	return false;
}

/* As the reader takes it: a name that begins so. */
static bool has_received(const struct message *m)
{
	for (size_t i = 0; i < m->header_count; i++)
		if (slice_starts_nocase(message_name(m, i), "Received"))
			return true;
	return false;
}

static void check(const struct authres *a)
{
	FUZZ_HOLDS(a->dkim_count > 0 || a->mail_from[0]);
	FUZZ_HOLDS(a->dkim_count <= LIMIT_SIGNATURES);
	for (size_t i = 0; i < a->dkim_count; i++)
		FUZZ_CHECK(domain_is_plain(slice_of(a->dkim[i].d)), "%s", a->dkim[i].d);
	const char *at = strrchr(a->mail_from, '@');
	FUZZ_CHECK(!a->mail_from[0] || (at && domain_is_plain(slice_of(at + 1))), "%s",
		   a->mail_from);
}

/* Passes stand in only where nothing was known, and never undo a failure. */
static void apply(const struct authres *a)
{
	static struct finding f;
	bool spf;
	memset(&f, 0, sizeof(f));
	f.dkim_count = 1;
	strcpy(f.dkim[0].d, "sender.example");
	f.dkim[0].result = AUTH_FAIL;
	f.spf = AUTH_FAIL;
	authres_apply(a, &f, &spf);
	FUZZ_HOLDS(f.dkim_count <= LIMIT_SIGNATURES && f.dkim[0].result == AUTH_FAIL);
	FUZZ_HOLDS(f.spf == AUTH_FAIL && !spf);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct authres a, other;
	struct message m;
	message_init(&m);
	message_parse(&m, (struct slice){(const char *)p, n});
	if (authres_find(&m, id, &a)) {
		FUZZ_HOLDS(has_results(&m) && has_received(&m));
		check(&a);
		apply(&a);
	}
	FUZZ_HOLDS(!authres_find(&m, "id.that.no.input.has.8f2c1d77", &other));
	message_free(&m);
	return 0;
}
