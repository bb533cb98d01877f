/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fetch.c - see fetch.h.
 *
 * Redirects are followed here and not by libcurl: it can be told which protocols may follow, but
 * not that https must stay https on a way of several steps. Each step is a transfer of its own; the
 * deadline is that of the first.
 */
#include "cli/fetch.h"

#include <config.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/limits.h"

struct one {
	struct one *next, **link;
	struct fetcher *fetcher;
	CURL *curl;
	struct curl_slist *headers;
	struct fetch_terms terms;
	int64_t until; /* ms, monotonic */
	int redirects;
	bool secure;    /* the step under way is https */
	bool too_large; /* more came than may */
	char *url;
	struct str body;
	void (*done)(void *context, struct fetched *fetched);
	void *context;
	struct fetched refused; /* known before anything was sent */
	bool is_refused;
	char error[CURL_ERROR_SIZE];
};

struct fetcher {
	CURLM *multi;
	struct one *first;
	size_t under_way;
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void fetched_free(struct fetched *f)
{
	str_free(&f->body);
}

/* -- one step ------------------------------------------------------------------------------- */

static size_t take(char *p, size_t size, size_t count, void *context)
{
	struct one *o = context;
	const size_t n = size * count;

	if (n > o->terms.most - o->body.n) {
		o->too_large = true;
		return 0;
	}
	str_add(&o->body, p, n);
	return o->body.failed ? 0 : n;
}

/* Whether this URL may be asked for: 0, or why not. */
static const char *objection(const struct one *o, const char *url, bool *ret_secure)
{
	const bool secure = slice_starts_nocase(slice_of(url), "https://");

	if (!secure && !slice_starts_nocase(slice_of(url), "http://"))
		return "neither https nor http";
	if (!secure && !o->terms.plain)
		return "http, and https is wanted";
	if (!secure && o->secure)
		return "a redirect from https to http";
	if (strlen(url) > LIMIT_FETCH_URL)
		return "too long";
	for (const char *p = url; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f)
			return "no URL: it holds blanks or what is not ASCII";
	*ret_secure = secure;
	return NULL;
}

static bool set_options(struct one *o)
{
	CURL *c = o->curl;
	CURLcode rc = CURLE_OK;

	rc |= curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	rc |= curl_easy_setopt(c, CURLOPT_PRIVATE, o);
	rc |= curl_easy_setopt(c, CURLOPT_ERRORBUFFER, o->error);
	rc |= curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	rc |= curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	rc |= curl_easy_setopt(c, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	rc |= curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	rc |= curl_easy_setopt(c, CURLOPT_HTTP09_ALLOWED, 0L);
	rc |= curl_easy_setopt(c, CURLOPT_USERAGENT, PACKAGE_NAME "/" PACKAGE_VERSION);
	rc |= curl_easy_setopt(c, CURLOPT_HTTPHEADER, o->headers);
	rc |= curl_easy_setopt(c, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)o->terms.most);
	rc |= curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take);
	rc |= curl_easy_setopt(c, CURLOPT_WRITEDATA, o);
	if (o->terms.trust != NULL)
		rc |= curl_easy_setopt(c, CURLOPT_CAINFO, o->terms.trust);
	return rc == CURLE_OK;
}

/* Sends what is to be sent for o->url. */
static bool start_step(struct one *o)
{
	const int64_t left = o->until - now_ms();

	str_reset(&o->body);
	o->error[0] = '\0';
	return curl_easy_setopt(o->curl, CURLOPT_URL, o->url) == CURLE_OK &&
	       curl_easy_setopt(o->curl, CURLOPT_TIMEOUT_MS, (long)(left > 0 ? left : 1)) ==
		   CURLE_OK &&
	       curl_multi_add_handle(o->fetcher->multi, o->curl) == CURLM_OK;
}

/* -- the end of one ------------------------------------------------------------------------- */

static void one_free(struct one *o)
{
	if (o == NULL)
		return;
	if (o->curl != NULL) {
		curl_multi_remove_handle(o->fetcher->multi, o->curl);
		curl_easy_cleanup(o->curl);
	}
	curl_slist_free_all(o->headers);
	str_free(&o->body);
	free(o->url);
	free(o);
}

static void deliver(struct one *o, struct fetched *fetched)
{
	/* A server's words may be in it. */
	for (char *p = fetched->why; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || (unsigned char)*p >= 0x7f)
			*p = '?';
	*o->link = o->next;
	if (o->next != NULL)
		o->next->link = o->link;
	o->fetcher->under_way--;
	o->done(o->context, fetched);
	fetched_free(fetched);
	one_free(o);
}

static void refuse(struct one *o, const char *what, const char *url)
{
	struct fetched f = {.outcome = FETCH_REFUSED, .retry_after = -1};

	snprintf(f.why, sizeof(f.why), "%.120s: %s", url, what);
	deliver(o, &f);
}

static void fail(struct one *o, CURLcode rc)
{
	struct fetched f = {.outcome = FETCH_FAILED, .retry_after = -1};

	if (o->too_large || rc == CURLE_FILESIZE_EXCEEDED) {
		f.outcome = FETCH_TOO_LARGE;
		snprintf(f.why, sizeof(f.why), "more than %zu octets", o->terms.most);
	} else if (rc == CURLE_OPERATION_TIMEDOUT) {
		f.outcome = FETCH_TOO_SLOW;
		snprintf(f.why, sizeof(f.why), "no whole answer within %lld s",
			 (long long)(o->terms.ms + 999) / 1000);
	} else {
		if (rc == CURLE_URL_MALFORMAT || rc == CURLE_LOGIN_DENIED)
			f.outcome = FETCH_REFUSED;
		snprintf(f.why, sizeof(f.why), "%s",
			 o->error[0] != '\0' ? o->error : curl_easy_strerror(rc));
	}
	deliver(o, &f);
}

static void answer(struct one *o, long status)
{
	struct fetched f = {.outcome = FETCH_ANSWERED, .status = (int)status, .retry_after = -1};
	curl_off_t wait = 0;

	if (curl_easy_getinfo(o->curl, CURLINFO_RETRY_AFTER, &wait) == CURLE_OK && wait > 0)
		f.retry_after = (int64_t)wait;
	f.body = o->body;
	o->body = (struct str){0};
	deliver(o, &f);
}

static void follow(struct one *o, const char *to)
{
	const char *why = ++o->redirects > LIMIT_FETCH_REDIRECTS ? "one redirect too many"
								 : objection(o, to, &o->secure);
	char *copy = strdup(to);

	if (why != NULL) {
		refuse(o, why, to);
		free(copy);
		return;
	}
	free(o->url);
	o->url = copy;
	if (copy == NULL || !start_step(o))
		fail(o, CURLE_OUT_OF_MEMORY);
}

static void step_ended(struct one *o, CURLcode rc)
{
	char *to = NULL;
	long status = 0;

	curl_multi_remove_handle(o->fetcher->multi, o->curl);
	if (rc != CURLE_OK) {
		fail(o, rc);
		return;
	}
	curl_easy_getinfo(o->curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(o->curl, CURLINFO_REDIRECT_URL, &to);
	if (status / 100 == 3 && to != NULL)
		follow(o, to);
	else
		answer(o, status);
}

/* -- the interface -------------------------------------------------------------------------- */

struct fetcher *fetcher_open(void)
{
	struct fetcher *f = calloc(1, sizeof(*f));

	/* Counted, and safe in any thread. */
	if (f == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		free(f);
		return NULL;
	}
	f->multi = curl_multi_init();
	if (f->multi == NULL) {
		curl_global_cleanup();
		free(f);
		return NULL;
	}
	return f;
}

void fetcher_close(struct fetcher *f)
{
	if (f == NULL)
		return;
	for (struct one *o = f->first, *next; o != NULL; o = next) {
		next = o->next;
		one_free(o);
	}
	curl_multi_cleanup(f->multi);
	curl_global_cleanup();
	free(f);
}

static struct one *one_new(struct fetcher *f, const char *url, const struct fetch_terms *terms)
{
	struct one *o = calloc(1, sizeof(*o));
	char wants[256];

	if (o == NULL)
		return NULL;
	*o = (struct one){.fetcher = f, .terms = *terms, .until = now_ms() + terms->ms};
	o->url = strdup(url);
	o->curl = curl_easy_init();
	if (terms->wants != NULL) {
		snprintf(wants, sizeof(wants), "Accept: %s", terms->wants);
		o->headers = curl_slist_append(NULL, wants);
	}
	if (o->url == NULL || o->curl == NULL || (terms->wants != NULL && o->headers == NULL) ||
	    !set_options(o)) {
		one_free(o);
		return NULL;
	}
	return o;
}

bool fetcher_start(struct fetcher *f, const char *url, const struct fetch_terms *terms,
		   void (*done)(void *context, struct fetched *fetched), void *context)
{
	struct one *o = f->under_way < LIMIT_FETCHES ? one_new(f, url, terms) : NULL;
	const char *why;

	if (o == NULL)
		return false;
	o->done = done;
	o->context = context;
	why = objection(o, url, &o->secure);
	if (why != NULL) {
		o->is_refused = true;
		o->refused = (struct fetched){.outcome = FETCH_REFUSED, .retry_after = -1};
		snprintf(o->refused.why, sizeof(o->refused.why), "%.120s: %s", url, why);
	} else if (!start_step(o)) {
		one_free(o);
		return false;
	}
	o->next = f->first;
	o->link = &f->first;
	if (o->next != NULL)
		o->next->link = &o->next;
	f->first = o;
	f->under_way++;
	return true;
}

size_t fetcher_under_way(const struct fetcher *f)
{
	return f->under_way;
}

/* Those that were refused when they were started; true if there was one. */
static bool deliver_refused(struct fetcher *f)
{
	bool any = false;

	for (struct one *o = f->first, *next; o != NULL; o = next) {
		next = o->next;
		if (o->is_refused) {
			struct fetched refused = o->refused;

			deliver(o, &refused);
			any = true;
		}
	}
	return any;
}

void fetcher_wait(struct fetcher *f, int fd, int ms)
{
	struct curl_waitfd extra = {.fd = fd, .events = CURL_WAIT_POLLIN};
	int running, left;
	bool any = deliver_refused(f);

	curl_multi_perform(f->multi, &running);
	for (CURLMsg *m; (m = curl_multi_info_read(f->multi, &left)) != NULL;) {
		struct one *o;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &o);
		step_ended(o, m->data.result);
		any = true;
	}
	if (!any)
		curl_multi_poll(f->multi, &extra, fd >= 0 ? 1 : 0, ms, NULL);
}

static void keep(void *context, struct fetched *fetched)
{
	struct fetched *to = context;

	*to = *fetched;
	fetched->body = (struct str){0};
}

void fetch_once(const char *url, const struct fetch_terms *terms, struct fetched *ret_fetched)
{
	struct fetcher *f = fetcher_open();
	struct fetched fetched = {.outcome = FETCH_FAILED, .retry_after = -1};

	snprintf(fetched.why, sizeof(fetched.why), "memory is short");
	if (f != NULL && fetcher_start(f, url, terms, keep, &fetched))
		while (fetcher_under_way(f) > 0)
			fetcher_wait(f, -1, 1000);
	fetcher_close(f);
	*ret_fetched = fetched;
}
