/* SPDX-License-Identifier: BSD-2-Clause */
/* rdap.c - see rdap.h. */
#include "cli/watch/rdap.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "rules/core/domain.h"
#include "rules/core/utf8.h"

/* -- JSON that is not ours ------------------------------------------------------------------ */

/* Counted before it is parsed, since a parser goes as deep as the text does. */
static bool too_deep(struct slice text)
{
	bool within = false;
	int depth = 0;

	for (size_t i = 0; i < text.n; i++) {
		const char c = text.p[i];

		if (within && c == '\\')
			i++;
		else if (c == '"')
			within = !within;
		else if (!within && (c == '{' || c == '[') && ++depth > LIMIT_RDAP_DEPTH)
			return true;
		else if (!within && (c == '}' || c == ']'))
			depth--;
	}
	return false;
}

static json_t *parse(struct slice text, size_t most, char *why, size_t size)
{
	json_error_t error;
	json_t *j = NULL;

	if (text.n > most)
		snprintf(why, size, "more than %zu octets", most);
	else if (too_deep(text))
		snprintf(why, size, "JSON deeper than %d", LIMIT_RDAP_DEPTH);
	else if ((j = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &error)) == NULL)
		snprintf(why, size, "no JSON: line %d column %d", error.line, error.column);
	return j;
}

/* A string of an object, or "". */
static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : "";
}

/* Only what may be shown; a registrar's name is what it is. */
static void copy_plain(const char *text, char *to, size_t size)
{
	struct slice rest = slice_of(text);
	size_t n = 0;
	uint32_t c;

	for (size_t width; rest.n > 0 && (width = utf8_next(rest, &c)) > 0;
	     rest.p += width, rest.n -= width) {
		if (n + width >= size)
			break;
		if (!utf8_is_printable_char(c))
			continue;
		memcpy(to + n, rest.p, width);
		n += width;
	}
	to[n] = '\0';
}

/* -- the bootstrap file --------------------------------------------------------------------- */

struct bootstrap {
	json_t *json;
	json_t *bases; /* label: base URL */
	char published[32];
};

void bootstrap_free(struct bootstrap *b)
{
	if (b == NULL)
		return;
	json_decref(b->json);
	json_decref(b->bases);
	free(b);
}

static bool is_base(const char *url)
{
	const size_t n = strlen(url);

	if (n > LIMIT_FETCH_URL - LIMIT_DOMAIN - 8 ||
	    (!slice_starts_nocase(slice_of(url), "https://") &&
	     !slice_starts_nocase(slice_of(url), "http://")))
		return false;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)url[i] <= ' ' || (unsigned char)url[i] >= 0x7f ||
		    url[i] == '?' || url[i] == '#')
			return false;
	return true;
}

/* The first https one, or else the first. NULL where one is no URL, or there is none. */
static const char *best_base(const json_t *urls)
{
	const char *best = NULL;

	for (size_t i = 0; i < json_array_size(urls); i++) {
		const char *url = json_string_value(json_array_get(urls, i));

		if (url == NULL || !is_base(url))
			return NULL;
		if (best == NULL || (!slice_starts_nocase(slice_of(best), "https:") &&
				     slice_starts_nocase(slice_of(url), "https:")))
			best = url;
	}
	return best;
}

static bool add_service(struct bootstrap *b, const json_t *service)
{
	const json_t *labels = json_array_get(service, 0);
	const char *base = best_base(json_array_get(service, 1));
	struct str url = {0};

	if (base == NULL || json_array_size(labels) == 0)
		return false;
	str_printf(&url, "%s%s", base, base[strlen(base) - 1] == '/' ? "" : "/");
	for (size_t i = 0; i < json_array_size(labels); i++) {
		const char *text = json_string_value(json_array_get(labels, i));
		char *label = text != NULL ? strdup(text) : NULL;

		if (label == NULL || url.failed) {
			free(label);
			str_free(&url);
			return false;
		}
		str_lower(label);
		json_object_set_new(b->bases, label, json_string(str_text(&url)));
		free(label);
	}
	str_free(&url);
	return true;
}

struct bootstrap *bootstrap_read(struct slice text, char why[static 256])
{
	struct bootstrap *b = calloc(1, sizeof(*b));
	const json_t *services;

	if (b == NULL) {
		snprintf(why, 256, "memory is short");
		return NULL;
	}
	b->bases = json_object();
	b->json = parse(text, LIMIT_BOOTSTRAP_BYTES, why, 256);
	services = json_object_get(b->json, "services");
	if (b->json == NULL || b->bases == NULL) {
		bootstrap_free(b);
		return NULL;
	}
	if (json_array_size(services) == 0) {
		snprintf(why, 256, "it lists no \"services\" (RFC 9224)");
		bootstrap_free(b);
		return NULL;
	}
	for (size_t i = 0; i < json_array_size(services); i++)
		if (!add_service(b, json_array_get(services, i))) {
			snprintf(why, 256,
				 "entry %zu of \"services\" is not [[labels], [base URLs]]", i + 1);
			bootstrap_free(b);
			return NULL;
		}
	copy_plain(text_of(b->json, "publication"), b->published, sizeof(b->published));
	return b;
}

size_t bootstrap_count(const struct bootstrap *b)
{
	return json_object_size(b->bases);
}

const char *bootstrap_published(const struct bootstrap *b)
{
	return b->published;
}

const char *bootstrap_find(const struct bootstrap *b, const char *name)
{
	for (const char *label = name; label != NULL;) {
		const char *base = json_string_value(json_object_get(b->bases, label));

		if (base != NULL)
			return base;
		label = strchr(label, '.');
		label = label != NULL ? label + 1 : NULL;
	}
	return NULL;
}

/* -- answers -------------------------------------------------------------------------------- */

static bool same_name(const char *given, const char *name)
{
	const size_t n = strlen(given);

	return slice_is_nocase((struct slice){given, n > 0 && given[n - 1] == '.' ? n - 1 : n},
			       name);
}

static void read_statuses(const json_t *array, struct rdap *r)
{
	size_t at = 0;

	for (size_t i = 0; i < json_array_size(array); i++) {
		const char *text = json_string_value(json_array_get(array, i));
		enum epp_status status;
		char plain[64];

		if (text == NULL)
			continue;
		if (epp_of_text(slice_of(text), &status))
			r->registration.epp |= 1u << status;
		copy_plain(text, plain, sizeof(plain));
		if (plain[0] != '\0' && at + strlen(plain) + 3 < sizeof(r->statuses))
			at += (size_t)snprintf(r->statuses + at, sizeof(r->statuses) - at, "%s%s",
					       at > 0 ? ", " : "", plain);
	}
}

static void read_events(const json_t *array, struct registration *r)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *event = json_array_get(array, i);
		const char *action = text_of(event, "eventAction");
		int64_t at;

		if (!str_to_time(slice_of(text_of(event, "eventDate")), &at) || at <= 0)
			continue;
		if (str_same_nocase(action, "expiration"))
			r->expires_at = at;
		else if (str_same_nocase(action, "registration"))
			r->registered_at = at;
	}
}

/* The formatted name of a jCard (RFC 7095): ["vcard", [["fn", {}, "text", NAME], …]]. */
static const char *formatted_name(const json_t *entity)
{
	const json_t *properties = json_array_get(json_object_get(entity, "vcardArray"), 1);

	for (size_t i = 0; i < json_array_size(properties); i++) {
		const json_t *p = json_array_get(properties, i);
		const char *key = json_string_value(json_array_get(p, 0));
		const char *value = json_string_value(json_array_get(p, 3));

		if (key != NULL && value != NULL && str_same_nocase(key, "fn"))
			return value;
	}
	return "";
}

static void read_registrar(const json_t *entity, struct registration *r)
{
	const json_t *roles = json_object_get(entity, "roles");
	const json_t *ids = json_object_get(entity, "publicIds");
	bool is = false;

	for (size_t i = 0; i < json_array_size(roles); i++) {
		const char *role = json_string_value(json_array_get(roles, i));

		is = is || (role != NULL && str_same_nocase(role, "registrar"));
	}
	if (!is)
		return;
	copy_plain(formatted_name(entity), r->registrar, sizeof(r->registrar));
	for (size_t i = 0; i < json_array_size(ids); i++) {
		const json_t *id = json_array_get(ids, i);
		uint64_t number;

		if (str_same_nocase(text_of(id, "type"), "IANA Registrar ID") &&
		    str_to_u64(slice_of(text_of(id, "identifier")), UINT32_MAX, &number))
			r->iana_id = (uint32_t)number;
	}
}

bool rdap_read(struct slice text, const char *name, struct rdap *ret_rdap, char why[static 160])
{
	struct rdap r = {.registration.status = REGISTRATION_FOUND};
	json_t *j = parse(text, LIMIT_RDAP_BYTES, why, 160);
	const json_t *servers = json_object_get(j, "nameservers");
	const json_t *entities = json_object_get(j, "entities");
	bool good = false;

	if (j == NULL)
		return false;
	if (strcmp(text_of(j, "objectClassName"), "domain") != 0)
		snprintf(why, 160, "the answer is not about a domain");
	else if (!same_name(text_of(j, "ldhName"), name))
		snprintf(why, 160, "the answer is about another name");
	else
		good = true;
	if (good) {
		read_statuses(json_object_get(j, "status"), &r);
		read_events(json_object_get(j, "events"), &r.registration);
		for (size_t i = 0; i < json_array_size(servers); i++)
			nameservers_add(&r.registration.servers,
					slice_of(text_of(json_array_get(servers, i), "ldhName")));
		for (size_t i = 0; i < json_array_size(entities); i++)
			read_registrar(json_array_get(entities, i), &r.registration);
		*ret_rdap = r;
	}
	json_decref(j);
	return good;
}
