/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * senderlist: prints a list of N senders, as deb822 stanzas, the same for the same seed.
 *
 *     senderlist N [SEED]
 *
 * Meant to be like a real one: domains of one to three words under common suffixes, every fourth
 * below its organisational domain, some 3,000 registrars, 40 platforms, every ninth sender switched
 * off, every fifth with links of its own, most with evidence and some with a note; no two of one
 * address. The last sender is known: noreply@last-of-the-list.example, of the Registrar "Last".
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))

enum {
	PLATFORMS = 40,
	REGISTRARS = 3000,
};

/* xorshift64*: the same everywhere. */
static uint64_t state;

static unsigned below(unsigned n)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (unsigned)((state * 0x2545f4914f6cdd1dULL) >> 33) % n;
}

static const char *pick(const char *const *table, size_t count)
{
	return table[below((unsigned)count)];
}
#define PICK(table) pick(table, COUNT_OF(table))

static const char *const words[] = {
    "alpha", "atlas",  "blue",   "bridge", "cedar",  "clear",  "coast",  "copper", "crown", "data",
    "delta", "domain", "eagle",  "east",   "ember",  "fast",   "field",  "forest", "free",  "gate",
    "giant", "globe",  "grand",  "green",  "harbor", "host",   "iron",   "island", "jade",  "kilo",
    "lake",  "light",  "linden", "lunar",  "maple",  "mega",   "metro",  "mint",   "name",  "net",
    "nord",  "north",  "oak",    "ocean",  "orbit",  "page",   "peak",   "pine",   "pixel", "polar",
    "prime", "quick",  "rapid",  "river",  "rock",   "server", "silver", "site",   "sky",   "solar",
    "south", "star",   "stone",  "storm",  "sun",    "swift",  "tera",   "terra",  "titan", "tower",
    "ultra", "union",  "urban",  "valley", "vector", "vista",  "web",    "west",   "wild",  "zone",
};
static const char *const suffixes[] = {"com",   "com", "com", "net", "org",    "info", "de",
				       "co.uk", "fr",  "nl",  "eu",  "com.au", "it",   "pl",
				       "co.jp", "io",  "biz", "ch",  "com.br", "email"};
static const char *const hosts[] = {"mail", "icann", "registrar", "domains", "notify", "info"};
static const char *const locals[] = {"noreply", "no-reply", "domains",      "support",
				     "info",    "verify",   "verification", "registrar"};
static const char *const classes[] = {
    "verification",
    "verification, suspension",
    "renewal",
    "verification, suspension, change-of-registrant",
    "transfer-out, transfer-in",
    "verification, renewal, wdrp",
    "wdrp",
    "nis2, verification",
};

static void print_platforms(void)
{
	for (unsigned i = 0; i < PLATFORMS; i++)
		printf("Platform: gen-%u\nLink:\n [www.]verify-%u.platform.example "
		       "/?token=*[&lang=*]\n"
		       " approve%u.platform.example /confirm/*\nDays: verification 15\n"
		       "Hold-NS: ns1.hold%u.example, ns2.hold%u.example\n\n",
		       i, i, i, i, i);
}

/* One to three words; the number keeps it from being another's. */
static void make_domain(unsigned long i, char *to, size_t size)
{
	const char *second = below(3) ? PICK(words) : "";
	const char *third = *second && below(4) == 0 ? PICK(words) : "";
	snprintf(to, size, "%s%s%s%s%lu.%s", PICK(words), second, below(3) ? "" : "-", third, i,
		 PICK(suffixes));
}

static void print_sender(unsigned long i)
{
	char domain[128];
	unsigned registrar = below(REGISTRARS);
	make_domain(i, domain, sizeof domain);
	printf("Sender: gen-%lu\nFrom: %s@", i, PICK(locals));
	if (below(4) == 0)
		printf("%s.", PICK(hosts));
	printf("%s\nRegistrar: %s %s Registrations %u Ltd.\nIANA-Id: %u\n", domain,
	       words[registrar % COUNT_OF(words)], words[registrar / COUNT_OF(words)], registrar,
	       registrar + 1);
	if (below(3))
		printf("Platform: gen-%u\n", below(PLATFORMS));
	printf("Classes: %s\n", PICK(classes));
	if (below(5) == 0)
		printf("Link:\n [www.]%s /verify?code=*[&lang=*]\n %s /account/*\n", domain,
		       domain);
	if (below(6) == 0)
		printf("Days: verification %u\n", 7 + below(14));
	printf("Confidence: %s\nLast-Seen: 202%u-%02u\nEvidence: https://www.%s/kb/%u/verify\n",
	       below(3) ? "B" : "A", 4 + below(3), 1 + below(10), domain, below(100000));
	if (below(9) == 0)
		puts("Status: disabled");
	if (below(4) == 0)
		printf("Note: White label of %s %s; reminders after 5, 10 and 13 days.\n",
		       PICK(words), PICK(words));
	putchar('\n');
}

int main(int argc, char **argv)
{
	unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	state = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	if (count == 0 || argc > 3) {
		fputs("usage: senderlist N [SEED]\n", stderr);
		return 2;
	}
	state = state * 0x9e3779b97f4a7c15ULL + 1;
	print_platforms();
	for (unsigned long i = 1; i < count; i++)
		print_sender(i);
	puts("Sender: last\nFrom: noreply@last-of-the-list.example\nRegistrar: Last\n"
	     "Classes: verification\nLink: www.last-of-the-list.example "
	     "/?trigger=*[&email=*]\nConfidence: A\nLast-Seen: 2026-10\n"
	     "Evidence: https://last-of-the-list.example/");
	return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
