/* SPDX-License-Identifier: BSD-2-Clause
 *
 * fetch [-p] [-m OCTETS] [-s MS] [-a TYPES] [-c CERTIFICATES] [-n TIMES] URL...: fetches them all
 * at the same time by cli/fetch.c and prints a line for each, in the order of their ends:
 *
 *   OUTCOME STATUS RETRY-AFTER OCTETS WHY-OR-FIRST-WORDS
 *
 * -p allows http; -n starts that many of each. Exit 0; 2 wrong usage, or one that was not taken. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/fetch.h"

static void show(void *context, struct fetched *f)
{
	static const char *const outcome[] = {"answered", "refused", "too-large", "too-slow",
					      "failed"};
	const char *text = f->outcome == FETCH_ANSWERED ? str_text(&f->body) : f->why;

	(void)context;
	printf("%s %d %lld %zu %.150s\n", outcome[f->outcome], f->status, (long long)f->retry_after,
	       f->body.n, text);
}

int main(int argc, char **argv)
{
	struct fetch_terms terms = {.most = 65536, .ms = 10000};
	struct fetcher *f = fetcher_open();
	int times = 1, untaken = 0;

	for (int c; (c = getopt(argc, argv, "pm:s:a:c:n:")) != -1;)
		switch (c) {
		case 'p': terms.plain = true; break;
		case 'm': terms.most = (size_t)atol(optarg); break;
		case 's': terms.ms = atol(optarg); break;
		case 'a': terms.wants = optarg; break;
		case 'c': terms.trust = optarg; break;
		case 'n': times = atoi(optarg); break;
		default: return 2;
		}
	if (optind == argc || f == NULL)
		return 2;
	if (argc - optind == 1 && times == 1) {
		struct fetched one;

		fetch_once(argv[optind], &terms, &one);
		show(NULL, &one);
		fetched_free(&one);
	} else {
		for (int i = optind; i < argc; i++)
			for (int n = 0; n < times; n++)
				untaken += !fetcher_start(f, argv[i], &terms, show, NULL);
		while (fetcher_under_way(f) > 0)
			fetcher_wait(f, -1, 1000);
		if (untaken > 0)
			printf("not taken: %d of more than %d\n", untaken, LIMIT_FETCHES);
	}
	fetcher_close(f);
	return untaken > 0 ? 2 : 0;
}
