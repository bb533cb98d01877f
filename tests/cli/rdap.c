/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registries' answers and the bootstrap file: what is made of them, whole, in part, hostile, at the
 * limits and past them; in this process and in a sealed child alike.
 */
#include "cli/watch/rdap.h"

#include <stdio.h>

#include "tests/rules/table.h"

#define HEAD "{\"objectClassName\":\"domain\",\"ldhName\":\"EXAMPLE.COM\""

static const struct {
	const char *why, *text;
	const char
	    *want; /* "epp registered expires registrar id servers | statuses", or the trouble */
} answers[] = {
    {"the least", HEAD "}", "0 0 0 [] 0 [] []"},
    {"a dot at the end", "{\"objectClassName\":\"domain\",\"ldhName\":\"example.com.\"}",
     "0 0 0 [] 0 [] []"},
    {"holds, in both spellings", HEAD ",\"status\":[\"client hold\",\"serverHold\",\"active\"]}",
     "3 0 0 [] 0 [] [client hold, serverHold, active]"},
    {"dates",
     HEAD ",\"events\":[{\"eventAction\":\"registration\",\"eventDate\":\"2000-01-01T00:00:00Z\"},"
	  "{\"eventAction\":\"Expiration\",\"eventDate\":\"2030-01-01T00:00:00.5+01:00\"}]}",
     "0 946684800 1893452400 [] 0 [] []"},
    {"dates that are none",
     HEAD ",\"events\":[{\"eventAction\":\"expiration\",\"eventDate\":\"soon\"},"
	  "{\"eventAction\":\"expiration\",\"eventDate\":7},{\"eventAction\":7},7]}",
     "0 0 0 [] 0 [] []"},
    {"name servers",
     HEAD ",\"nameservers\":[{\"ldhName\":\"NS2.X.net\"},{\"ldhName\":\"ns1.x.net.\"},"
	  "{\"ldhName\":\"no name\"},{},7]}",
     "0 0 0 [] 0 [ns1.x.net ns2.x.net] []"},
    {"a registrar",
     HEAD ",\"entities\":[{\"roles\":[\"technical\"],\"vcardArray\":[\"vcard\",[[\"fn\",{},"
	  "\"text\",\"Nobody\"]]]},{\"roles\":[\"registrar\"],\"publicIds\":[{\"type\":"
	  "\"IANA Registrar ID\",\"identifier\":\"269\"}],\"vcardArray\":[\"vcard\",[[\"version\","
	  "{},\"text\",\"4.0\"],[\"fn\",{},\"text\",\"K\\u00e4y\\n\\u001b[31m\"]]]}]}",
     "0 0 0 [K\xc3\xa4y[31m] 269 [] []"},
    {"a registrar's number that is none",
     HEAD ",\"entities\":[{\"roles\":[\"registrar\"],\"publicIds\":[{\"type\":"
	  "\"IANA Registrar ID\",\"identifier\":\"99999999999\"}]}]}",
     "0 0 0 [] 0 [] []"},
    {"everything of the wrong type",
     HEAD
     ",\"status\":\"client hold\",\"events\":{},\"nameservers\":7,\"entities\":[[],{\"roles\":{},"
     "\"vcardArray\":{}},{\"roles\":[7,\"registrar\"],\"publicIds\":[7],\"vcardArray\":[7,[7,"
     "[7,7,7,7]]]}]}",
     "0 0 0 [] 0 [] []"},
    {"another name", "{\"objectClassName\":\"domain\",\"ldhName\":\"example.net\"}",
     "the answer is about another name"},
    {"no name", "{\"objectClassName\":\"domain\"}", "the answer is about another name"},
    {"a name server", "{\"objectClassName\":\"nameserver\",\"ldhName\":\"example.com\"}",
     "the answer is not about a domain"},
    {"an error", "{\"errorCode\":404}", "the answer is not about a domain"},
    {"an array", "[]", "the answer is not about a domain"},
    {"the same key twice", HEAD ",\"status\":[],\"status\":[\"client hold\"]}", "no JSON"},
    {"nothing", "", "no JSON"},
    {"half of it", HEAD, "no JSON"},
    {"more behind it", HEAD "} {}", "no JSON"},
    {"no UTF-8", "{\"objectClassName\":\"\xff\"}", "no JSON"},
};

static void describe(const struct rdap *r, struct str *to)
{
	const struct registration *g = &r->registration;
	str_reset(to);
	str_printf(to, "%u %lld %lld [%s] %u [", g->epp, (long long)g->registered_at,
		   (long long)g->expires_at, g->registrar, g->iana_id);
	nameservers_print(&g->servers, to);
	str_printf(to, "] [%s]", r->statuses);
}

typedef bool reader(struct slice text, const char *name, struct rdap *ret_rdap,
		    char why[static 160]);
static reader *const readers[] = {rdap_read, rdap_read_sealed};

static void what_is_made_of_answers(void **state)
{
	struct str got = {0};
	(void)state;
	for (size_t way = 0; way < COUNT_OF(readers); way++)
		for (size_t i = 0; i < COUNT_OF(answers); i++) {
			struct rdap r;
			char why[160] = "";
			if (readers[way](slice_of(answers[i].text), "example.com", &r, why)) {
				assert_int_equal(r.registration.status, REGISTRATION_FOUND);
				describe(&r, &got);
				CHECK(strcmp(str_text(&got), answers[i].want) == 0, "%s: got %s",
				      answers[i].why, str_text(&got));
			} else {
				CHECK(strncmp(why, answers[i].want, strlen(answers[i].want)) == 0,
				      "%s: %s", answers[i].why, why);
			}
		}
	str_free(&got);
}

/* LIMIT_RDAP_BYTES and LIMIT_RDAP_DEPTH: at them and one past. */
static void limits_of_answers(void **state)
{
	struct str text = {0};
	struct rdap r;
	char why[160];
	(void)state;
	for (size_t way = 0; way < COUNT_OF(readers); way++)
		for (int past = 0; past < 2; past++) {
			str_reset(&text);
			str_puts(&text, HEAD "}");
			while (text.n < LIMIT_RDAP_BYTES + (size_t)past)
				str_putc(&text, ' ');
			assert_int_equal(
			    readers[way]((struct slice){text.p, text.n}, "example.com", &r, why),
			    !past);
			CHECK(!past || strstr(why, "octets"), "%s", why);
			str_reset(&text);
			str_puts(&text, HEAD ",\"x\":\"[[[[\\\"[\",\"y\":");
			for (int i = 1; i < LIMIT_RDAP_DEPTH + past; i++)
				str_putc(&text, '[');
			for (int i = 1; i < LIMIT_RDAP_DEPTH + past; i++)
				str_putc(&text, ']');
			str_putc(&text, '}');
			assert_int_equal(
			    readers[way]((struct slice){text.p, text.n}, "example.com", &r, why),
			    !past);
			CHECK(!past || strstr(why, "deeper"), "%s", why);
		}
	str_free(&text);
}

/* As many statuses as a hostile registry likes: those that fit are kept, whole. */
static void many_statuses(void **state)
{
	struct str text = {0};
	struct rdap r;
	char why[160];
	(void)state;
	str_puts(&text, HEAD ",\"status\":[");
	for (int i = 0; i < 2000; i++)
		str_puts(&text, "\"renew prohibited\",");
	str_puts(&text, "\"client hold\"]}");
	assert_true(rdap_read_sealed((struct slice){text.p, text.n}, "example.com", &r, why));
	assert_int_equal(r.registration.epp, 1u << EPP_CLIENT_HOLD);
	assert_true(strlen(r.statuses) > 200 && strlen(r.statuses) < sizeof(r.statuses));
	str_free(&text);
}

static void which_registry(void **state)
{
	static const char text[] =
	    "{\"version\":\"1.0\",\"publication\":\"2026-11-01T00:00:00Z\",\"services\":["
	    "[[\"com\",\"NET\"],[\"http://plain.example/\",\"https://safe.example/rdap\"]],"
	    "[[\"co.uk\"],[\"https://deep.example/\"]],[[\"uk\"],[\"https://uk.example/\"]],"
	    "[[\"xn--p1ai\"],[\"http://only.example/x/\"]]]}";
	static const struct {
		const char *name, *want;
	} cases[] = {
	    {"a.com", "https://safe.example/rdap/"},
	    {"b.a.net", "https://safe.example/rdap/"},
	    {"a.co.uk", "https://deep.example/"},
	    {"a.org.uk", "https://uk.example/"},
	    {"a.xn--p1ai", "http://only.example/x/"},
	    {"a.de", NULL},
	    {"com.de", NULL},
	    {"acom", NULL},
	};
	char why[256] = "";
	struct bootstrap *b = bootstrap_read(slice_of(text), why);
	(void)state;
	CHECK(b, "%s", why);
	assert_int_equal(bootstrap_count(b), 5);
	assert_string_equal(bootstrap_published(b), "2026-11-01T00:00:00Z");
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *got = bootstrap_find(b, cases[i].name);
		CHECK((got == NULL) == (cases[i].want == NULL) &&
			  (!got || strcmp(got, cases[i].want) == 0),
		      "%s: got %s", cases[i].name, or_none(got));
	}
	bootstrap_free(b);
}

static void bootstrap_files_that_are_none(void **state)
{
	static const char *const bad[] = {
	    "",
	    "{}",
	    "[]",
	    "{\"services\":[]}",
	    "{\"services\":{}}",
	    "{\"services\":[7]}",
	    "{\"services\":[[[\"com\"]]]}",
	    "{\"services\":[[[],[\"https://x/\"]]]}",
	    "{\"services\":[[[\"com\"],[]]]}",
	    "{\"services\":[[[7],[\"https://x/\"]]]}",
	    "{\"services\":[[[\"com\"],[7]]]}",
	    "{\"services\":[[[\"com\"],[\"ftp://x/\"]]]}",
	    "{\"services\":[[[\"com\"],[\"file:///etc/\"]]]}",
	    "{\"services\":[[[\"com\"],[\"https://x/?q=\"]]]}",
	    "{\"services\":[[[\"com\"],[\"https://x/ y/\"]]]}",
	    "{\"services\":[[[\"com\"],[\"https://x/\"]],[[\"net\"],[\"ftp://x/\"]]]}",
	};
	char why[256];
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		why[0] = '\0';
		CHECK(!bootstrap_read(slice_of(bad[i]), why) && *why, "%s", bad[i]);
	}
}

/* LIMIT_BOOTSTRAP_BYTES: at it and one past. */
static void limit_of_the_bootstrap_file(void **state)
{
	struct str text = {0};
	char why[256];
	(void)state;
	str_puts(&text, "{\"services\":[[[\"com\"],[\"https://x/\"]]]}");
	while (text.n < LIMIT_BOOTSTRAP_BYTES)
		str_putc(&text, ' ');
	struct bootstrap *b = bootstrap_read((struct slice){text.p, text.n}, why);
	assert_non_null(b);
	bootstrap_free(b);
	str_putc(&text, ' ');
	assert_null(bootstrap_read((struct slice){text.p, text.n}, why));
	str_free(&text);
}

static void the_shipped_sample(void **state)
{
	const char *dir = getenv("srcdir");
	char path[4096], why[256] = "";
	struct str text = {0};
	(void)state;
	snprintf(path, sizeof(path), "%s/packaging/rdap-sample.json", dir ? dir : ".");
	assert_int_equal(str_read_file(path, LIMIT_BOOTSTRAP_BYTES, &text), 0);
	struct bootstrap *b = bootstrap_read((struct slice){text.p, text.n}, why);
	CHECK(b, "%s", why);
	assert_string_equal(bootstrap_find(b, "example.com"), "https://rdap.verisign.com/com/v1/");
	assert_string_equal(bootstrap_published(b), "");
	bootstrap_free(b);
	str_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_made_of_answers),
	    cmocka_unit_test(limits_of_answers),
	    cmocka_unit_test(many_statuses),
	    cmocka_unit_test(which_registry),
	    cmocka_unit_test(bootstrap_files_that_are_none),
	    cmocka_unit_test(limit_of_the_bootstrap_file),
	    cmocka_unit_test(the_shipped_sample),
	};
	return cmocka_run_group_tests_name("rdap", tests, NULL, NULL);
}
