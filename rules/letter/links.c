/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * links.c - the action links of a letter, and whether they lead where they should.
 *
 * Condition 5 (design, section 3). A link is expected when its host and path fit
 *   - a Link shape of the entry or of its platform, or
 *   - where neither has one: any host under the From's organisational domain with a path that names
 *     no other place, unless the entry says that this domain also carries others' pages
 *     (Shared-Domain), or
 *   - a shape that the site has accepted for this sender (Link-For), which names no host in the
 *     sense of the line above, or
 *   - a Harmless shape: what any registrar's mail may carry. Such a link is fine but leads nowhere:
 *     a class that asks for an action needs another one, or a code where the entry allows it.
 * A link whose visible text names another host than it leads to is never expected either.
 * Tracking hosts are never expected, whatever the shapes say. One unexpected link fails the mail.
 * A platform's Recognise shapes tell whose mail this is, and make no link expected.
 *
 * Short memory and limits fail the condition; nothing here is ever passed over silently.
 */
#include "rules/letter/links.h"

#include <stdlib.h>
#include <string.h>

#include "rules/core/utf8.h"
#include "rules/letter/outline.h"
#include "rules/letter/url.h"

void links_free(struct links *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->count; i++) {
		free(l->list[i].url);
		free(l->list[i].path);
	}
	free(l->list);
	*l = (struct links){0};
}

static bool same_link(const struct link *k, const struct link *other, struct slice url)
{
	return k->kind == other->kind && k->url_n == url.n && k->misleads == other->misleads &&
	       strcmp(k->shown, other->shown) == 0 && memcmp(k->url, url.p, url.n) == 0;
}

static struct link *new_link(struct links *l)
{
	if (l->count == LIMIT_LINKS) {
		l->limit = true;
		return NULL;
	}
	if (l->count == l->room) {
		size_t room = l->room ? 2 * l->room : 16;
		struct link *list = reallocarray(l->list, room, sizeof *list);
		if (!list) {
			l->failed = true;
			return NULL;
		}
		l->list = list;
		l->room = room;
	}
	return &l->list[l->count];
}

static bool set_place(struct link *k, const struct url *u)
{
	char *path = slice_dup((struct slice){u->path, u->path_n});
	if (!path)
		return false;
	free(k->path);
	k->path = path;
	k->path_n = strlen(path);
	k->odd = u->odd;
	memcpy(k->host, u->host, sizeof k->host);
	return true;
}

static const char *without_www(const char *host)
{
	return strncmp(host, "www.", 4) == 0 && strchr(host + 4, '.') ? host + 4 : host;
}

/* -- what a link shows ------------------------------------------------------------------------- */

/* The text as it looks: without what cannot be seen, full-width forms as ASCII. */
static void as_seen(struct slice from, struct str *to, bool *ret_reversed)
{
	while (from.n) {
		uint32_t c = 0;
		size_t n = utf8_next(from, &c);
		if (c >= 0xff01 && c <= 0xff5e)
			str_putc(to, (char)(c - 0xfee0));
		else if (c == 0x3002 || c == 0xff61)
			str_putc(to, '.');
		else if (c == 0xa0)
			str_putc(to, ' ');
		else if (n && c != 0xad && !(c >= 0x200b && c <= 0x200f) &&
			 !(c >= 0x202a && c <= 0x202e) && !(c >= 0x2060 && c <= 0x2069) &&
			 c != 0xfeff)
			str_add(to, from.p, n);
		*ret_reversed = *ret_reversed || c == 0x202d || c == 0x202e;
		from.p += n ? n : 1;
		from.n -= n ? n : 1;
	}
}

static bool shows_other_url(struct slice shown, const char *host)
{
	struct slice found;
	for (size_t at = 0; links_find(shown, &at, &found);) {
		struct url s;
		url_read(found, &s);
		if (s.kind != URL_NOWHERE && strcmp(without_www(s.host), without_www(host)) != 0)
			return true;
	}
	return false;
}

/* A text that is one name, perhaps with a path. */
static void read_shown_name(struct slice shown, char ret_name[static LIMIT_DOMAIN + 1])
{
	shown = slice_trim(shown);
	while (shown.n && strchr("<([\"'", *shown.p)) {
		shown.p++;
		shown.n--;
	}
	for (size_t i = 0; i < shown.n; i++)
		if (strchr("/?#:>)]\"',;!", shown.p[i]))
			shown.n = i;
	if (!domain_normalise(shown, false, ret_name))
		ret_name[0] = '\0';
}

static void read_shown(struct links *l, struct slice shown, struct link *k)
{
	struct str seen = {0};
	bool reversed = false;
	as_seen(shown, &seen, &reversed);
	struct slice text = {str_text(&seen), seen.n};
	k->misleads = reversed || shows_other_url(text, k->host);
	read_shown_name(text, k->shown);
	l->failed = l->failed || seen.failed;
	str_free(&seen);
}

void links_add(struct links *l, enum link_kind kind, struct slice url, struct slice shown)
{
	struct url u;
	url_read(url, &u);
	if (u.kind == URL_NOWHERE &&
	    (kind == LINK_A || kind == LINK_AREA || kind == LINK_TEXT || slice_trim(url).n == 0))
		return;
	if (url.n > LIMIT_LINK_BYTES) {
		l->limit = true;
		return;
	}
	url = slice_trim(url);
	struct link new = {.kind = kind};
	memcpy(new.host, u.host, sizeof new.host);
	if (shown.n)
		read_shown(l, shown, &new);
	for (size_t i = 0; i < l->count && !l->repeats; i++)
		if (same_link(&l->list[i], &new, url))
			return;
	struct link *k = new_link(l);
	if (!k)
		return;
	*k = new;
	k->url = slice_dup(url);
	if (!k->url || !set_place(k, &u)) {
		free(k->url);
		l->failed = true;
		return;
	}
	k->url_n = strlen(k->url);
	k->relative = u.kind == URL_RELATIVE;
	/* a form that mails what is filled in; "www." in an attribute is a relative URL to some */
	if (u.kind == URL_NOWHERE || k->relative ||
	    (kind != LINK_TEXT && slice_starts_nocase(url, "www.")))
		k->odd = true;
	l->count++;
}

void links_rebase(struct links *l, size_t from)
{
	struct url base, relative, resolved;
	size_t b = from;
	while (b < l->count && l->list[b].kind != LINK_BASE)
		b++;
	base.kind = URL_NOWHERE;
	if (b < l->count)
		url_read((struct slice){l->list[b].url, l->list[b].url_n}, &base);
	for (size_t i = from; i < l->count; i++) {
		struct link *k = &l->list[i];
		if (!k->relative)
			continue;
		k->relative = false;
		k->path[0] = '\0';
		k->path_n = 0;
		if (base.kind != URL_PLACE || k->kind == LINK_BASE)
			continue;
		url_read((struct slice){k->url, k->url_n}, &relative);
		url_resolve(&base, &relative, &resolved);
		if (!set_place(k, &resolved))
			l->failed = true;
	}
}

/* -- URLs in text ------------------------------------------------------------------------------ */

static bool is_alnum(char c)
{
	c = str_lower_char(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_scheme_char(char c)
{
	return is_alnum(c) || c == '+' || c == '-' || c == '.';
}

static bool ends_url(char c)
{
	return (unsigned char)c <= 0x20 || c == 0x7f || (c && strchr("<>\"`{}|^", c) != NULL);
}

/* Where a URL ends whose host begins there: non-ASCII octets belong to a host (a name that imitates
 * must be seen), not to a path (text of scripts without spaces follows there). One that is too long
 * is not read to its end. */
static size_t url_end(struct slice text, size_t host)
{
	size_t end = host;
	bool in_host = true;
	long open = 0; /* parentheses */
	while (end < text.n && !ends_url(text.p[end])) {
		char c = text.p[end];
		if (end - host > LIMIT_LINK_BYTES)
			return end;
		if (c == '/' || c == '\\' || c == '?' || c == '#')
			in_host = false;
		if ((unsigned char)c >= 0x80 && !in_host)
			break;
		open += c == '(' ? 1 : c == ')' ? -1 : 0;
		end++;
	}
	/* what a sentence puts after it */
	while (end > host) {
		char c = text.p[end - 1];
		if (!strchr(".,;:!?'*_)]~", c) || (c == ')' && open >= 0))
			break;
		open += c == ')';
		end--;
	}
	return end;
}

/* Where "www." may begin a URL: not inside a word or a mail address. */
static bool at_border(struct slice text, size_t at)
{
	char before = at ? text.p[at - 1] : ' ';
	if (before == '.')
		return at < 2 || !is_alnum(text.p[at - 2]);
	return !is_alnum(before) && !strchr("@-_%", before);
}

/* A URL around "//" at i: sets its start and where its host begins. */
static bool around_slashes(struct slice text, size_t i, size_t *ret_at, size_t *ret_host)
{
	size_t at = i;
	if (i && text.p[i - 1] == ':') {
		at = i - 1;
		while (at && is_scheme_char(text.p[at - 1]))
			at--;
		while (at < i - 1 && !is_alnum(text.p[at]))
			at++;
		if (at == i - 1)
			at = i;
	} else if (i && (is_alnum(text.p[i - 1]) || strchr("/\\", text.p[i - 1]))) {
		return false;
	}
	*ret_at = at;
	*ret_host = i + 2;
	return true;
}

/* Where a host ends that consists of its plain letters. */
static size_t host_letters(struct slice text, size_t host)
{
	while (host < text.n && (is_alnum(text.p[host]) || strchr(".-", text.p[host])) &&
	       !(text.p[host] == '.' && text.p[host - 1] == '.'))
		host++;
	while (strchr(".-", text.p[host - 1]))
		host--;
	return host;
}

/* "//host" and "www.host" need a host that can be one; "scheme://" is a link with any. */
static bool has_host(struct slice url)
{
	struct url u;
	url_read(url, &u);
	return u.kind == URL_PLACE && (u.host[0] != '\0' || url.n > LIMIT_LINK_BYTES);
}

/* Where its path begins: another URL in there is found too, since programs that make links of text
 * differ about where one ends. */
static size_t host_end(struct slice text, size_t host, size_t end)
{
	while (host < end && !strchr("/\\?#,;()[]", text.p[host]))
		host++;
	return host;
}

/* "www.-x.example" is none by the rules of names, and a link to some. */
static bool has_dots(struct slice url)
{
	size_t dots = 0;
	for (size_t i = 0; i < url.n; i++)
		dots += url.p[i] == '.';
	return dots > 1 && slice_starts_nocase(url, "www.");
}

bool links_find(struct slice text, size_t *at, struct slice *ret_url)
{
	for (size_t i = *at; i + 1 < text.n; i++) {
		struct slice rest = {text.p + i, text.n - i};
		size_t start = i, host = i + 4;
		bool slashes = rest.p[0] == '/' && rest.p[1] == '/';
		if (slashes && !around_slashes(text, i, &start, &host))
			continue;
		if (!slashes && !(str_lower_char(rest.p[0]) == 'w' &&
				  slice_starts_nocase(rest, "www.") && at_border(text, i)))
			continue;
		size_t end = url_end(text, host), past = host_end(text, host, end);
		if (end == host)
			continue;
		struct slice url = {text.p + start, end - start};
		if (start == i && !has_host(url))
			url.n = host_letters(text, host) - start;
		if (start < i || has_host(url) || has_dots(url)) {
			*ret_url = url;
			*at = past;
			return true;
		}
		i = past - 1;
	}
	return false;
}

void links_in_text(struct slice text, struct links *to)
{
	const struct slice none = {NULL, 0};
	struct slice url;
	for (size_t at = 0; links_find(text, &at, &url);)
		links_add(to, LINK_TEXT, url, none);
}

/* -- plain names with a path ------------------------------------------------------------------- */

static bool is_host_char(char c)
{
	return is_alnum(c) || c == '-' || c == '.' || (unsigned char)c >= 0x80;
}

/* Where the host before the slash at i begins; i for none. In text of scripts without spaces a word
 * may stand right before it: then it begins with its plain letters. */
static size_t bare_start(struct slice text, size_t i, const struct suffixes *suffixes)
{
	char name[LIMIT_DOMAIN + 1];
	size_t at = i, plain = i;
	while (at && i - at <= 4 * LIMIT_DOMAIN && is_host_char(text.p[at - 1])) {
		at--;
		if (plain == at + 1 && (unsigned char)text.p[at] < 0x80)
			plain = at;
	}
	if (at && strchr("@/\\:_%&=?#", text.p[at - 1]))
		return i;
	for (const size_t starts[] = {at, plain}, *s = starts; s < starts + 2; s++) {
		size_t from = *s;
		while (from < i && strchr(".-", text.p[from]))
			from++;
		if (domain_normalise((struct slice){text.p + from, i - from}, false, name) &&
		    domain_org(suffixes, name) && domain_suffix_known(suffixes, name))
			return from;
	}
	return i;
}

static bool is_shown_by(const struct links *l, const struct url *u)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct link *k = &l->list[i];
		if (k->host[0] && strcmp(without_www(k->host), without_www(u->host)) == 0 &&
		    k->path_n >= u->path_n && memcmp(k->path, u->path, u->path_n) == 0)
			return true;
	}
	return false;
}

void links_bare_in_text(struct slice text, const struct suffixes *suffixes, struct links *to)
{
	const struct slice none = {NULL, 0};
	struct str written = {0};
	struct url u;
	for (size_t i = 1; i + 1 < text.n; i++) {
		if (text.p[i] != '/' || !is_alnum(text.p[i + 1]) || !is_alnum(text.p[i - 1]))
			continue;
		size_t start = bare_start(text, i, suffixes);
		if (start == i)
			continue;
		str_reset(&written);
		str_puts(&written, "//");
		str_add(&written, text.p + start, url_end(text, start) - start);
		struct slice url = {str_text(&written), written.n};
		url_read(url, &u);
		if (!is_shown_by(to, &u))
			links_add(to, LINK_TEXT, url, none);
	}
	to->failed = to->failed || written.failed;
	str_free(&written);
}

/* -- condition 5 ------------------------------------------------------------------------------- */

struct judging {
	const struct list *platforms;
	const struct sender *entry;
	const struct suffixes *suffixes;
	bool evidence;        /* entry or platform has Link shapes */
	const char *from_org; /* NULL: unknown */
	uint32_t reasons;
	bool leads; /* some expected link that is not merely harmless */
	bool unexpected;
};

static bool fits_any(const struct shape *shape, size_t count, const struct link *k)
{
	for (size_t i = 0; i < count; i++)
		if (shape_match(&shape[i], k->host, (struct slice){k->path, k->path_n}))
			return true;
	return false;
}

/* Any path will do, but one that names where a redirector is to go on. */
static bool is_any_path(const struct link *k)
{
	char host[LIMIT_DOMAIN + 1], any[] = "/**";
	memcpy(host, k->host, sizeof host);
	const struct shape shape = {host, any};
	return shape_match(&shape, k->host, (struct slice){k->path, k->path_n});
}

static bool judge_by_domain(struct judging *j, const struct link *k)
{
	if (!j->from_org || !domain_is_below(k->host, j->from_org) || !is_any_path(k)) {
		j->reasons |= 1u << REASON_LINKS;
		return false;
	}
	if (j->entry->shared_domain) {
		j->reasons |= 1u << REASON_LINK_EVIDENCE;
		return false;
	}
	return true;
}

/* Whether a link shows the name of a host elsewhere. A registrable name may be the domain that the
 * mail is about: registrars make a link of it. A host below one is none that they could ask about.
 */
static bool shows_other_host(const struct judging *j, const struct link *k)
{
	const char *shown = domain_org(j->suffixes, k->shown);
	const char *org = domain_org(j->suffixes, k->host);
	if (!shown || shown == k->shown || !domain_suffix_known(j->suffixes, k->shown))
		return false;
	return !org || strcmp(shown, org) != 0;
}

static bool judge_link(struct judging *j, const struct link *k)
{
	if (k->host[0] && list_is_tracking(j->platforms, k->host)) {
		j->reasons |= 1u << REASON_TRACKING;
		return false;
	}
	bool misleads = k->misleads || shows_other_host(j, k);
	if (misleads)
		j->reasons |= 1u << REASON_LINK_TEXT;
	if (k->odd || !k->host[0])
		j->reasons |= 1u << REASON_LINKS;
	if (misleads || k->odd || !k->host[0])
		return false;
	if (list_is_harmless(j->platforms, k->host, (struct slice){k->path, k->path_n}))
		return true;
	if (fits_any(j->entry->added, j->entry->added_count, k)) {
		j->leads = true;
		return true;
	}
	if (!j->evidence) {
		if (!judge_by_domain(j, k))
			return false;
	} else if (!fits_any(j->entry->link, j->entry->link_count, k) &&
		   !(j->entry->platform &&
		     fits_any(j->entry->platform->link, j->entry->platform->link_count, k))) {
		j->reasons |= 1u << REASON_LINKS;
		return false;
	}
	j->leads = true;
	return true;
}

static const struct platform *platform_of(const struct links *l, const struct list *platforms)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct link *k = &l->list[i];
		if (k->odd || k->misleads || !k->host[0])
			continue;
		for (size_t n = 0; n < list_platform_count(platforms); n++) {
			const struct platform *p = list_platform_at(platforms, n);
			if (fits_any(p->link, p->link_count, k) ||
			    fits_any(p->recognise, p->recognise_count, k))
				return p;
		}
	}
	return NULL;
}

void links_platform(const struct links *l, const struct list *platforms, struct finding *finding)
{
	const struct platform *seen = platform_of(l, platforms);
	if (seen)
		slice_copy(slice_of(seen->name), finding->platform, sizeof finding->platform);
}

/* The shape of an unexpected link, where a person could accept it. */
static void outline(const struct list *platforms, const struct link *k, struct finding_link *to)
{
	if (to->expected || k->odd || k->misleads || !k->host[0] ||
	    list_is_tracking(platforms, k->host) ||
	    !outline_link(k->host, (struct slice){k->path, k->path_n}, to->shape))
		to->shape[0] = '\0';
}

/* Unexpected links first, so that the record shows what failed. */
static void keep_links(const struct links *l, const struct list *platforms, const bool *expected,
		       struct finding *f)
{
	f->link_kept = f->link_expected = 0;
	for (int want = 0; want < 2; want++)
		for (size_t i = 0; i < l->count; i++) {
			if (expected[i] != (want == 1))
				continue;
			if (want)
				f->link_expected++;
			if (f->link_kept == FINDING_LINKS)
				continue;
			struct finding_link *to = &f->link[f->link_kept++];
			memcpy(to->host, l->list[i].host, sizeof to->host);
			to->kind = l->list[i].kind;
			to->expected = expected[i];
			outline(platforms, &l->list[i], to);
		}
	f->link_count = (uint32_t)l->count;
}

void links_judge(const struct links *l, const struct list *platforms,
		 const struct suffixes *suffixes, const struct sender *entry,
		 const char *from_domain, bool has_code, struct finding *finding)
{
	bool expected[LIMIT_LINKS] = {false};
	struct judging j = {.platforms = platforms, .entry = entry, .suffixes = suffixes};
	if (l->limit || l->failed)
		j.reasons |= 1u << REASON_LIMIT;
	if (!entry) {
		finding->links = PROOF_UNKNOWN;
		finding->reasons |= j.reasons;
		keep_links(l, platforms, expected, finding);
		return;
	}
	j.from_org = from_domain[0] ? domain_org(suffixes, from_domain) : NULL;
	j.evidence = entry->link_count || (entry->platform && entry->platform->link_count);
	for (size_t i = 0; i < l->count; i++) {
		expected[i] = judge_link(&j, &l->list[i]);
		j.unexpected = j.unexpected || !expected[i];
	}
	if (finding->asks_action && !j.unexpected && !j.leads && !(entry->code && has_code)) {
		j.reasons |= 1u << REASON_NO_LINK;
		j.unexpected = true;
	}
	finding->links = j.unexpected || l->limit || l->failed ? PROOF_NO : PROOF_YES;
	finding->reasons |= j.reasons;
	keep_links(l, platforms, expected, finding);
}
