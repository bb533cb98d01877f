/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * setup.c - keepname setup: puts keepname's pieces into the configuration of another program, and
 * takes them out again.
 *
 * The order of things is what keeps a mail system whole: first everything is read and the new files
 * are made in memory; then shown; then somebody says yes; then the program itself must be content
 * with what is there; then the files are written, and it must be content again, or all is put back.
 * While files are written signals wait; one that has come by then puts all back, too. Nothing is
 * ever reloaded: what to type is said.
 */
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/outside.h"
#include "cli/postfix.h"
#include "cli/setup/setup_check.h"
#include "cli/setup/setup_show.h"

#define STANDARD_QUEUE "/var/spool/postfix"

enum aim {
	AIM_SHOW,
	AIM_WRITE,
	AIM_REMOVE,
};

struct work {
	enum aim aim;
	bool dry_run, yes;
	const char *folder; /* --folder; or NULL */
	const struct setup_program *program;
	struct setup_site site;
	struct files files;
};

/* -- options -------------------------------------------------------------------------------- */

static bool find_program(const char *name, const struct setup_program **ret_program)
{
	for (size_t i = 0; i < setup_count; i++)
		if (strcmp(setup_table[i].name, name) == 0) {
			*ret_program = &setup_table[i];
			return true;
		}
	cli_trouble("setup", "\"%s\" is no program that it knows; these are:", name);
	for (size_t i = 0; i < setup_count; i++)
		fprintf(stderr, "  %s\n", setup_table[i].name);
	return false;
}

static int read_options(int argc, char **argv, struct work *w)
{
	static const struct option options[] = {
	    {"write", no_argument, NULL, 'w'},        {"remove", no_argument, NULL, 'r'},
	    {"root", required_argument, NULL, 'R'},   {"folder", required_argument, NULL, 'f'},
	    {"pieces", required_argument, NULL, 'p'}, {"dry-run", no_argument, NULL, 'n'},
	    {"yes", no_argument, NULL, 'y'},          {NULL, 0, NULL, 0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'w':
		case 'r':
			if (w->aim != AIM_SHOW)
				return cli_usage("setup");
			w->aim = c == 'w' ? AIM_WRITE : AIM_REMOVE;
			break;
		case 'R': w->site.root = optarg; break;
		case 'f': w->folder = optarg; break;
		case 'p': w->site.pieces = optarg; break;
		case 'n': w->dry_run = true; break;
		case 'y': w->yes = true; break;
		default: return cli_usage("setup");
		}
	}
	if (optind + 1 != argc || (w->folder != NULL && w->folder[0] != '/'))
		return cli_usage("setup");
	return find_program(argv[optind], &w->program) ? CLI_DONE : CLI_TROUBLE;
}

/* -- the site ------------------------------------------------------------------------------- */

static bool is_configured(const char *folder, const struct setup_program *program)
{
	char path[PATH_MAX];

	return snprintf(path, sizeof(path), "%s/%s", folder,
			program->needs != NULL ? program->needs : ".") < PATH_MAX &&
	       access(path, F_OK) == 0;
}

/* The program's folder: the one that was named, or the first that is there. */
static int find_folder(struct work *w)
{
	const char *const named[] = {w->folder, NULL};
	const char *const *list = w->folder != NULL ? named : w->program->folders;
	struct setup_site *site = &w->site;
	const size_t most = sizeof(site->folder);

	/* A root that ends in a slash would show in every path. */
	if (site->root[0] == '/' && site->root[1] == '\0')
		site->root = "";
	for (size_t i = 0; i < SETUP_FOLDERS && list[i] != NULL; i++) {
		if ((size_t)snprintf(site->folder, most, "%s%s", site->root, list[i]) >= most)
			return cli_trouble("setup", "%s is too long", list[i]);
		if (is_configured(site->folder, w->program))
			return CLI_DONE;
	}
	snprintf(site->folder, most, "%s%s", site->root, list[0]);
	if (w->aim == AIM_SHOW)
		return CLI_DONE;
	return cli_trouble("setup",
			   "%s%s%s is not there: is %s installed? --folder names another place",
			   site->folder, w->program->needs != NULL ? "/" : "",
			   w->program->needs != NULL ? w->program->needs : "", w->program->name);
}

/* A socket outside of the queue is out of reach for a chrooted smtpd. */
static int must_be_reachable(const struct work *w, const struct postfix *p)
{
	const char *path = str_text(&w->site.postfix_socket);

	if (w->aim != AIM_WRITE || strncmp(path, "unix:/", 6) != 0)
		return CLI_DONE;
	for (size_t i = 0; i < p->count; i++)
		if (postfix_is_chrooted(p, &p->service[i]))
			return cli_trouble(
			    "setup",
			    "%s of master.cf runs chrooted in %s and cannot reach %s.\n"
			    "Set socket = \"local:%s/keepname/milter.sock\" in keepname.conf, and "
			    "restart keepname-milter",
			    p->service[i].name, p->queue, path + 5, p->queue);
	return CLI_DONE;
}

static int describe_site(const struct cli *cli, struct work *w)
{
	/* Found by its name in the table before.
	 * NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
	const bool is_postfix = strcmp(w->program->name, "postfix") == 0;
	const char *root = w->site.root;
	struct postfix p = {0};
	char why[SETUP_WHY];
	int status = find_folder(w);

	if (status != CLI_DONE)
		return status;
	const bool asked =
	    (is_postfix || root[0] == '\0') &&
	    postfix_open(is_postfix ? w->site.folder : NULL, &p, why) == POSTFIX_OPEN;

	w->site.authserv_id = cli->config->authserv_id.item[0];
	if (!setup_sockets(cli->config->socket, asked ? p.queue : STANDARD_QUEUE, &w->site.socket,
			   &w->site.postfix_socket))
		status = cli_trouble("setup",
				     "socket \"%s\": only letters, digits and /._-+:@ can be "
				     "written into another program's configuration",
				     cli->config->socket);
	else if (asked && is_postfix)
		status = must_be_reachable(w, &p);
	if (asked)
		postfix_close(&p);
	return status;
}

/* -- showing -------------------------------------------------------------------------------- */

static const char *form_words(const struct setup_piece *piece)
{
	switch (piece->form) {
	case SETUP_WHOLE: return "a file of its own";
	case SETUP_BLOCK: return "a marked block";
	case SETUP_SETTINGS: return "each ahead of what its list has already";
	}
	return "";
}

static int show(const struct work *w)
{
	char why[SETUP_WHY];

	for (size_t i = 0; i < w->program->count; i++) {
		const struct setup_piece *piece = &w->program->piece[i];
		struct str text = {0};

		if (!setup_piece_read(&w->site, w->program, piece, &text, why))
			return cli_trouble("setup", "%s", why);
		printf("%s---- %s/%s (%s)\n", i > 0 ? "\n" : "", w->site.folder, piece->file,
		       form_words(piece));
		setup_show_text((struct slice){str_text(&text), text.n});
		str_free(&text);
	}
	printf("\n---- keepname setup %s --write puts it there; then: %s\n", w->program->name,
	       w->program->then);
	if (w->program->note[0] != '\0')
		printf("%s\n", w->program->note);
	return CLI_DONE;
}

/* -- writing -------------------------------------------------------------------------------- */

/* Whether a file is what we would make of none. */
static bool is_all_ours(const struct setup_piece *piece, const struct setup_text *now,
			struct slice text)
{
	const struct setup_text none = {0};
	struct setup_text made;
	char why[SETUP_WHY];
	bool same;

	if (!now->exists || !setup_piece_put(piece, &none, text, &made, why))
		return false;
	same = made.text.n == now->text.n &&
	       memcmp(str_text(&made.text), str_text(&now->text), now->text.n) == 0;
	str_free(&made.text);
	return same;
}

/* One file: as it is, and as it shall be. */
static bool plan_one(struct work *w, const struct setup_piece *piece, char why[SETUP_WHY])
{
	struct files_change *c;
	struct str text = {0};
	char what[SETUP_WHY];
	bool good;

	c = files_add(&w->files, w->site.root, w->site.folder, piece->file, why);
	if (c == NULL || !setup_piece_read(&w->site, w->program, piece, &text, why))
		return false;
	const struct slice filled = {str_text(&text), text.n};

	c->ours = is_all_ours(piece, &c->before, filled);
	good = w->aim == AIM_WRITE ? setup_piece_put(piece, &c->before, filled, &c->after, what)
				   : setup_piece_take(piece, &c->before, filled, &c->after, what);
	str_free(&text);
	if (!good)
		snprintf(why, SETUP_WHY, "%.150s: %.350s", c->shown, what);
	return good;
}

/* False with a reason. */
static bool plan(struct work *w, char why[SETUP_WHY])
{
	const size_t count = w->program->count;
	bool good = files_open(w->site.folder, &w->files, why);

	for (size_t i = 0; i < count && good; i++)
		good =
		    plan_one(w, &w->program->piece[w->aim == AIM_WRITE ? i : count - 1 - i], why);
	return good;
}

static bool anything_to_do(const struct work *w)
{
	for (size_t i = 0; i < w->files.count; i++)
		if (files_differ(&w->files.change[i]))
			return true;
	return false;
}

/* CLI_DONE: somebody says yes. */
static int ask(const struct work *w)
{
	char line[16];

	if (w->yes)
		return CLI_DONE;
	if (!isatty(0))
		return cli_trouble("setup", "nobody can be asked here: --yes does it");
	printf("%s [y/N] ", w->aim == AIM_WRITE ? "Write it?" : "Take it out?");
	fflush(stdout);
	if (fgets(line, sizeof(line), stdin) != NULL && (line[0] == 'y' || line[0] == 'Y'))
		return CLI_DONE;
	printf("Nothing was changed.\n");
	return CLI_NO;
}

/* Files that checks make out of ours go when ours are not there any more. */
static void remove_made(const struct work *w)
{
	for (size_t i = 0; i < w->program->count; i++) {
		const struct setup_piece *piece = &w->program->piece[i];
		char path[PATH_MAX];

		if (piece->made == NULL ||
		    snprintf(path, sizeof(path), "%s/%s", w->site.folder, piece->file) >=
			PATH_MAX ||
		    access(path, F_OK) == 0)
			continue;
		if (snprintf(path, sizeof(path), "%s/%s", w->site.folder, piece->made) < PATH_MAX)
			unlink(path);
	}
}

/* Signals wait from here on: one that comes is answered when files are whole. */
static void hold_signals(sigset_t *ret_before)
{
	sigset_t held;

	sigemptyset(&held);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGTERM);
	sigaddset(&held, SIGHUP);
	sigaddset(&held, SIGQUIT);
	sigprocmask(SIG_BLOCK, &held, ret_before);
	signal(SIGPIPE, SIG_IGN); /* whoever reads us may go; the files must be whole */
}

static bool signal_waits(void)
{
	sigset_t waiting;

	sigpending(&waiting);
	return sigismember(&waiting, SIGINT) == 1 || sigismember(&waiting, SIGTERM) == 1 ||
	       sigismember(&waiting, SIGHUP) == 1 || sigismember(&waiting, SIGQUIT) == 1;
}

static int undo(struct work *w, int status)
{
	char why[SETUP_WHY];

	if (!files_undo(&w->files, why))
		return cli_trouble("setup", "%s", why);
	remove_made(w);
	fprintf(stderr, "Everything is as it was.\n");
	return status;
}

/* The program's word before and after. What is taken out of a configuration that was bad already
 * cannot be judged by it. */
static int write_checked(struct work *w)
{
	const struct setup_program *program = w->program;
	const enum setup_answer before = setup_check(&w->site, program, true);
	char why[SETUP_WHY];

	if (before == SETUP_NO && w->aim == AIM_WRITE) {
		fprintf(stderr, "This was so before; nothing was changed.\n");
		return CLI_NO;
	}
	if (signal_waits())
		return undo(w, CLI_TROUBLE);
	if (!files_write(&w->files, why))
		return cli_trouble("setup", "%s", why);
	if (before != SETUP_NO && setup_check(&w->site, program, false) == SETUP_NO)
		return undo(w, signal_waits() ? CLI_TROUBLE : CLI_NO);
	if (signal_waits())
		return undo(w, CLI_TROUBLE);
	remove_made(w);
	return CLI_DONE;
}

static void say_done(const struct work *w)
{
	for (size_t i = 0; i < w->files.count; i++)
		if (w->files.change[i].backup != NULL)
			printf("the old %s is in %s\n", w->files.change[i].shown,
			       w->files.change[i].backup);
	printf("Done. For it to take effect: %s\n", w->program->then);
	if (w->aim == AIM_WRITE && w->program->note[0] != '\0')
		printf("%s\n", w->program->note);
}

static int change(struct work *w)
{
	char why[SETUP_WHY];
	sigset_t before;
	int status;

	if (!plan(w, why))
		return cli_trouble("setup", "%s", why);
	if (!w->dry_run)
		files_sweep(&w->files);
	if (!anything_to_do(w)) {
		printf("Nothing to do.\n");
		return CLI_DONE;
	}
	setup_show_changes(&w->files);
	if (w->dry_run)
		return CLI_DONE;
	status = ask(w);
	if (status != CLI_DONE)
		return status;
	hold_signals(&before);
	status = write_checked(w);
	if (status == CLI_DONE)
		say_done(w);
	sigprocmask(SIG_SETMASK, &before, NULL); /* a signal that waits ends us here */
	return status;
}

int setup_run(struct cli *cli, int argc, char **argv)
{
	struct work w = {.site = {.pieces = KN_SETUPDIR, .root = ""}, .files = {.lock = -1}};
	int status = read_options(argc, argv, &w);

	if (status == CLI_DONE)
		status = describe_site(cli, &w);
	if (status == CLI_DONE)
		status = w.aim == AIM_SHOW ? show(&w) : change(&w);
	files_close(&w.files);
	str_free(&w.site.socket);
	str_free(&w.site.postfix_socket);
	return status;
}

static bool is_installed(const struct setup_program *program)
{
	char path[PATH_MAX];

	/* The last check is by a program that comes with it alone. */
	for (size_t i = SETUP_CHECKS; i-- > 0;)
		if (program->check[i].argv[0] != NULL)
			return outside_find(program->check[i].argv[0], path, sizeof(path));
	return false;
}

enum setup_state setup_state_of(const struct cli *cli, const struct setup_program *program,
				const char *pieces, char why[SETUP_WHY])
{
	struct work w = {.aim = AIM_WRITE,
			 .program = program,
			 .site = {.pieces = pieces, .root = ""},
			 .files = {.lock = -1}};
	enum setup_state state = SETUP_UNKNOWN;
	bool there = false;

	for (size_t i = 0; i < SETUP_FOLDERS && program->folders[i] != NULL; i++)
		there = there || is_configured(program->folders[i], program);
	if (!there || !is_installed(program))
		return SETUP_ABSENT;
	snprintf(why, SETUP_WHY, "see above");
	if (describe_site(cli, &w) == CLI_DONE && plan(&w, why))
		state = anything_to_do(&w) ? SETUP_MISSING : SETUP_IN_PLACE;
	files_close(&w.files);
	str_free(&w.site.socket);
	str_free(&w.site.postfix_socket);
	return state;
}
