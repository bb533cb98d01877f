/* SPDX-License-Identifier: BSD-2-Clause */
/* Single points of failure: of a few domains, what all of them depend on alone. */
#include "rules/core/dependence.h"

#include <stdio.h>
#include <string.h>

#include "tests/rules/table.h"

enum {
	DOMAINS = 4,
};

static const struct {
	const char *why;
	struct dependence_domain domain[DOMAINS];
	const char *want; /* "kind name domains/known/all", parted by "; " */
} rows[] = {
    {"no names", {{0}}, ""},
    {"one name alone depends on one of everything",
     {{"a.example", "R", 1, "ns.x.net", "a@x.net"}},
     ""},
    {"one registrar",
     {{"a.example", "R", 0, "", ""}, {"b.example", "R", 0, "", ""}},
     "registrar R 2/2/2"},
    {"in another case",
     {{"a.example", "R", 0, "", ""}, {"b.example", "r", 0, "", ""}},
     "registrar R 2/2/2"},
    {"two", {{"a.example", "R", 0, "", ""}, {"b.example", "S", 0, "", ""}}, ""},
    {"two, and one again",
     {{"a.example", "R", 0, "", ""}, {"b.example", "S", 0, "", ""}, {"c.example", "R", 0, "", ""}},
     ""},
    {"one number, two spellings",
     {{"a.example", "R GmbH", 269, "", ""}, {"b.example", "R, Inc.", 269, "", ""}},
     "registrar R GmbH 2/2/2"},
    {"one spelling, two numbers",
     {{"a.example", "R", 1, "", ""}, {"b.example", "R", 2, "", ""}},
     ""},
    {"a number known of one: the name tells",
     {{"a.example", "R", 1, "", ""}, {"b.example", "R", 0, "", ""}},
     "registrar R 2/2/2"},
    {"a registrar that is not known says nothing",
     {{"a.example", "R", 0, "", ""}, {"b.example", "", 0, "", ""}, {"c.example", "R", 0, "", ""}},
     "registrar R 2/2/3"},
    {"known of one only", {{"a.example", "R", 0, "", ""}, {"b.example", "", 0, "", ""}}, ""},
    {"known of none", {{"a.example", "", 0, "", ""}, {"b.example", "", 0, "", ""}}, ""},

    {"one operator, other servers",
     {{"a.example", "", 0, "ns1.x.net ns2.x.net", ""}, {"b.example", "", 0, "ns9.sub.x.net", ""}},
     "operator x.net 2/2/2"},
    {"one of them has a second operator",
     {{"a.example", "", 0, "ns1.x.net ns.y.net", ""}, {"b.example", "", 0, "ns9.x.net", ""}},
     ""},
    {"the second one",
     {{"b.example", "", 0, "ns9.x.net", ""}, {"a.example", "", 0, "ns1.x.net ns.y.net", ""}},
     ""},
    {"both have the same two operators: they depend on neither alone",
     {{"a.example", "", 0, "ns.x.net ns.y.net", ""}, {"b.example", "", 0, "ns.x.net ns.y.net", ""}},
     ""},
    {"each in itself",
     {{"a.example", "", 0, "ns.a.example", ""}, {"b.example", "", 0, "ns.b.example", ""}},
     ""},
    {"all in one of them",
     {{"a.example", "", 0, "ns.a.example", ""}, {"b.example", "", 0, "ns.a.example", ""}},
     "operator a.example 2/2/2"},
    {"just below a public suffix",
     {{"a.example", "", 0, "ns.co.uk", ""}, {"b.example", "", 0, "ns.co.uk", ""}},
     "operator ns.co.uk 2/2/2"},
    {"two names below one",
     {{"a.example", "", 0, "ns.x.co.uk", ""}, {"b.example", "", 0, "ns.y.co.uk", ""}},
     ""},
    {"an operator of several names",
     {{"a.example", "", 0, "ns-1.awsdns-01.com ns-2.awsdns-33.net ns-3.awsdns-02.co.uk", ""},
      {"b.example", "", 0, "ns-9.awsdns-63.org", ""}},
     "operator Amazon Route 53 2/2/2"},
    {"servers that are not known say nothing",
     {{"a.example", "", 0, "ns.x.net", ""},
      {"b.example", "", 0, "", ""},
      {"c.example", "", 0, "ns.x.net", ""}},
     "operator x.net 2/2/3"},
    {"servers without a name",
     {{"a.example", "", 0, "com", ""}, {"b.example", "", 0, "com", ""}},
     ""},

    {"one address",
     {{"a.example", "", 0, "", "h@x.net"}, {"b.example", "", 0, "", "h@x.net"}},
     "address h@x.net 2/2/2"},
    {"a second one at one of them",
     {{"a.example", "", 0, "", "h@x.net i@x.net"}, {"b.example", "", 0, "", "h@x.net"}},
     ""},
    {"three of one, then one",
     {{"a.example", "", 0, "", "h@x.net i@x.net j@x.net"}, {"b.example", "", 0, "", "h@x.net"}},
     ""},
    {"two addresses",
     {{"a.example", "", 0, "", "h@x.net"}, {"b.example", "", 0, "", "i@x.net"}},
     ""},
    {"an address that is not known says nothing",
     {{"a.example", "", 0, "", "h@x.net"},
      {"b.example", "", 0, "", ""},
      {"c.example", "", 0, "", "h@x.net"}},
     "address h@x.net 2/2/3"},

    {"an address in the domain itself, of one alone too",
     {{"a.example", "", 0, "", "h@a.example"}},
     "itself h@a.example 1/1/1"},
    {"below it", {{"a.example", "", 0, "", "h@mail.a.example"}}, "itself h@mail.a.example 1/1/1"},
    {"not below it", {{"a.example", "", 0, "", "h@xa.example"}}, ""},
    {"all of several",
     {{"a.example", "", 0, "", "h@a.example i@a.example"}},
     "itself h@a.example 1/1/1"},
    {"one elsewhere saves it", {{"a.example", "", 0, "", "h@a.example i@x.net"}}, ""},
    {"in whatever order", {{"a.example", "", 0, "", "i@x.net h@a.example"}}, ""},
    {"in another one of ours: it does not go dark with this one",
     {{"a.example", "", 0, "", "h@b.example"}, {"b.example", "", 0, "", "i@a.example"}},
     ""},
    {"one address for both, in one of them",
     {{"a.example", "", 0, "", "h@a.example"}, {"b.example", "", 0, "", "h@a.example"}},
     "address h@a.example 2/2/2; itself h@a.example 1/2/2"},

    {"everything",
     {{"a.example", "R", 1, "ns.x.net", "h@a.example"},
      {"b.example", "R", 1, "ns.x.net", "h@a.example"},
      {"c.example", "", 0, "", ""}},
     "registrar R 2/2/3; operator x.net 2/2/3; address h@a.example 2/2/3; itself h@a.example "
     "1/2/3"},
};

static void finds(void **state)
{
	struct suffixes *suffixes = suffixes_open();

	(void)state;
	assert_non_null(suffixes);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct dependence found[DEPENDENCE_KIND_COUNT];
		struct str got = {0};
		size_t count = 0, n;

		while (count < DOMAINS && rows[i].domain[count].name != NULL)
			count++;
		n = dependence_find(suffixes, rows[i].domain, count, found);
		for (size_t k = 0; k < n; k++)
			str_printf(&got, "%s%s %s %zu/%zu/%zu", k > 0 ? "; " : "",
				   dependence_kind_name(found[k].kind), found[k].name,
				   found[k].domains, found[k].known, found[k].all);
		CHECK(strcmp(str_text(&got), rows[i].want) == 0, "%s: got %s, want %s", rows[i].why,
		      str_text(&got), rows[i].want);
		str_free(&got);
	}
	suffixes_close(suffixes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds),
	};
	return cmocka_run_group_tests_name("dependence", tests, NULL, NULL);
}
