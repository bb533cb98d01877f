/* SPDX-License-Identifier: BSD-2-Clause */
/* redact.c - keepname redact: a mail that may be given to the project as a test, on standard
 * output; what was replaced, and what is left to a person's eye, on standard error. */
#include "cli/redact/redact.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"

enum {
	HIDE_MOST = 50,
};

struct arguments {
	const char *hide[HIDE_MOST];
	size_t hide_count;
	const char *file;
};

static int read_options(int argc, char **argv, struct arguments *a)
{
	static const struct option options[] = {
	    {"hide", required_argument, NULL, 'h'},
	    {NULL, 0, NULL, 0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c != 'h')
			return cli_usage("redact");
		if (a->hide_count == HIDE_MOST)
			return cli_trouble("redact", "more than %d --hide", HIDE_MOST);
		if (slice_trim(slice_of(optarg)).n == 0)
			return cli_trouble("redact", "--hide \"%s\": a text is expected", optarg);
		a->hide[a->hide_count++] = optarg;
	}
	if (optind + 1 != argc)
		return cli_usage("redact");
	a->file = argv[optind];
	return CLI_DONE;
}

static void hide(struct redact *r, const struct arguments *a)
{
	char domain[LIMIT_DOMAIN + 1];

	for (size_t i = 0; i < a->hide_count; i++) {
		if (domain_normalise(slice_of(a->hide[i]), false, domain))
			redact_hide_domain(r, domain);
		else
			redact_hide(r, slice_of(a->hide[i]));
	}
}

static void say(const struct redact_count *n)
{
	fprintf(stderr,
		"keepname redact: replaced %zu address(es), %zu domain(s), %zu IP address(es), %zu "
		"token(s)\n"
		"and number(s), %zu name(s). Read the result before you give it away: what nothing "
		"marks as\n"
		"a name is still there; --hide TEXT replaces it.\n",
		n->addresses, n->domains, n->ips, n->tokens, n->names);
}

static int redact(const struct arguments *a, struct slice mail, const struct list *list,
		  const struct suffixes *suffixes)
{
	struct redact *r = redact_new(list, suffixes);
	struct str out = {0};
	struct redact_count n;

	if (r == NULL)
		return cli_trouble("redact", "out of memory");
	hide(r, a);
	redact_mail(r, mail, &out);
	n = redact_counted(r);
	redact_free(r);
	if (n.failed || out.failed) {
		str_free(&out);
		return cli_trouble("redact",
				   "too much to replace in this mail, nothing is printed");
	}
	fwrite(out.p, 1, out.n, stdout);
	str_free(&out);
	say(&n);
	return CLI_DONE;
}

int redact_run(struct cli *cli, int argc, char **argv)
{
	struct arguments a = {0};
	struct str mail = {0};
	int status = read_options(argc, argv, &a);
	struct suffixes *suffixes = NULL;
	struct list *list = NULL;

	if (status == CLI_DONE)
		status = cli_read_mail("redact", a.file, &mail);
	if (status == CLI_DONE) {
		suffixes = suffixes_open();
		list = cli_list(cli);
		status = CLI_TROUBLE;
		if (suffixes != NULL && list != NULL)
			status = redact(&a, (struct slice){mail.p, mail.n}, list, suffixes);
	}
	list_free(list);
	suffixes_close(suffixes);
	str_free(&mail);
	return status;
}
