/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keepname-judge - the zygote; started by the supervisor, or by keepname check.
 *
 *   keepname-judge -l LISTS_DIR [-t SECONDS]
 *
 * Message sockets on descriptor 3, control on 4 (base/program.h). It reads the rules from
 * LISTS_DIR, sets up its libraries, seals itself and serves (zygote.h). -t: how long the judge of
 * one message may live.
 *
 * Exit: 0 when the other end closes or on SIGTERM; 78 with file:line:column on stderr for faulty
 * rules; 2 for wrong arguments or when something cannot be set up.
 */
#include <config.h> /* autoconf's: PACKAGE_VERSION */

#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/program.h"
#include "judge/rulefiles.h"
#include "judge/zygote.h"
#include "proof/dkimcheck.h"
#include "proof/spf.h"

enum {
	EXIT_TROUBLE = 2,
	EXIT_RULES = 78,       /* sysexits' EX_CONFIG */
	STANDARD_SECONDS = 40, /* the longest dns_timeout and LIMIT_JUDGE_SPARE, with room */
	MOST_SECONDS = 3600,
};

static const char usage[] = "usage: keepname-judge -l LISTS_DIR [-t SECONDS]\n"
			    "       keepname-judge -V | --help\n"
			    "Started by keepname-milter and keepname, with sockets in place.\n";

struct arguments {
	const char *lists;
	unsigned seconds;
};

/* An exit status, or -1: go on. */
static int read_arguments(int argc, char **argv, struct arguments *ret_arguments)
{
	static const struct option options[] = {{"help", no_argument, NULL, 'h'},
						{"version", no_argument, NULL, 'V'},
						{NULL, 0, NULL, 0}};
	struct arguments a = {.seconds = STANDARD_SECONDS};
	uint64_t seconds;
	for (int c; (c = getopt_long(argc, argv, "l:t:V", options, NULL)) != -1;)
		switch (c) {
		case 'l': a.lists = optarg; break;
		case 't':
			if (!str_to_u64(slice_of(optarg), MOST_SECONDS, &seconds) || seconds == 0) {
				fprintf(stderr, "keepname-judge: -t: expected 1 to %d seconds\n",
					MOST_SECONDS);
				return EXIT_TROUBLE;
			}
			a.seconds = (unsigned)seconds;
			break;
		case 'V': puts("keepname-judge " PACKAGE_VERSION); return 0;
		case 'h': fputs(usage, stdout); return 0;
		default: fputs(usage, stderr); return EXIT_TROUBLE;
		}
	if (!a.lists || optind != argc) {
		fputs(usage, stderr);
		return EXIT_TROUBLE;
	}
	*ret_arguments = a;
	return -1;
}

/* Never freed: they live as long as the process. */
static bool read_rules(const char *lists, struct letter_rules *ret_rules)
{
	struct diags diags = {0};
	struct letter_rules r = {
	    .classes = rulefiles_classes(lists, false, &diags),
	    .platforms = rulefiles_list(lists, false, &diags),
	};
	bool ok = r.classes && r.platforms && diags.errors == 0;
	diag_print(&diags, stderr);
	if (!ok && diags.errors == 0)
		fprintf(stderr, "keepname-judge: out of memory while reading the rules\n");
	diag_free(&diags);
	*ret_rules = r;
	return ok;
}

static bool set_up(struct letter_rules *rules)
{
	const char *what = NULL;
	rules->scratch = pattern_scratch_new();
	rules->suffixes = suffixes_open();
	if (!rules->scratch)
		what = "patterns";
	else if (!rules->suffixes)
		what = "the public suffix list";
	else if (!dkimcheck_init())
		what = "libopendkim";
	else if (!spf_init())
		what = "libspf2";
	else if (!letter_init())
		what = "GMime and libxml2";
	if (what)
		fprintf(stderr, "keepname-judge: cannot set up %s\n", what);
	return what == NULL;
}

/* Where the machine runs short of memory, a judge is what the kernel ends first: one message is
 * unjudged. Children inherit it. Where that cannot be said, nothing is lost. */
static void be_the_first_to_go(void)
{
	FILE *f = fopen("/proc/self/oom_score_adj", "we");
	if (!f)
		return;
	fputs("1000", f);
	fclose(f);
}

/* Started by hand, what it finds at those numbers may be anything. */
static bool has_its_sockets(void)
{
	int type = 0;
	socklen_t n = sizeof type;
	bool ok = getsockopt(JUDGE_FD_MESSAGES, SOL_SOCKET, SO_TYPE, &type, &n) == 0 &&
		  type == SOCK_SEQPACKET && fcntl(JUDGE_FD_CONTROL, F_GETFD) >= 0;
	if (!ok)
		fputs("keepname-judge: no sockets in place: it is started by keepname-milter and "
		      "keepname\n",
		      stderr);
	return ok;
}

int main(int argc, char **argv)
{
	struct arguments arguments;
	int status = read_arguments(argc, argv, &arguments);
	if (status >= 0)
		return status;
	if (!has_its_sockets())
		return EXIT_TROUBLE;
	struct letter_rules rules;
	if (!read_rules(arguments.lists, &rules))
		return EXIT_RULES;
	if (!set_up(&rules))
		return EXIT_TROUBLE;
	be_the_first_to_go();
	struct zygote_options options = {.messages_fd = JUDGE_FD_MESSAGES,
					 .control_fd = JUDGE_FD_CONTROL,
					 .seconds = arguments.seconds};
	/* Not by return: nothing is to be torn down, and a sealed process could not. */
	_exit(zygote_serve(&options, &rules));
}
