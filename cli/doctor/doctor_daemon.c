/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * doctor_daemon.c - whether the daemon answers, edits, and can be reached from within Postfix.
 *
 * The last is tried, not computed: a child becomes what smtpd is (its user with its groups, in the
 * queue directory, chrooted where master.cf says so) and connects by the very path that main.cf
 * has. Modes of folders, lists of access and chroot are then all asked at once.
 */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/doctor/doctor.h"
#include "cli/doctor/doctor_wire.h"

#define START "systemctl start keepname-milter, or look at its log: journalctl -u keepname-milter"

void doctor_daemon(struct doctor *d, struct doctor_finding *f)
{
	const char *socket = d->cli->config->socket;
	struct doctor_wire w;

	if (doctor_wire_open(socket, &w))
		doctor_find(f, DOCTOR_OK, NULL, "it answers at %s", socket);
	else
		doctor_find(f, DOCTOR_CRITICAL, START, "nobody answers at %s: %s", socket, w.why);
	doctor_wire_close(&w);
}

void doctor_strips(struct doctor *d, struct doctor_finding *f)
{
	struct doctor_edits e;
	struct doctor_wire w;

	if (!doctor_wire_open(d->cli->config->socket, &w)) {
		doctor_find(f, DOCTOR_UNKNOWN, NULL, "it cannot be asked: %s", w.why);
		return;
	}
	if (!doctor_wire_forged(&w, &e)) {
		doctor_find(f, DOCTOR_CRITICAL, START, "asked about a message, it gave up: %s",
			    w.why);
	} else if (e.deleted == 2 && e.inserted == 0 && (e.last == 'c' || e.last == 'a')) {
		doctor_find(f, DOCTOR_OK, NULL, "two forged X-Keepname headers were taken away");
		str_puts(&f->answers, "sent: X-Keepname: genuine; class=verification; "
				      "by=forger.example\nsent: x-KEEPNAME: genuine\n"
				      "answer: delete both, go on\n");
	} else {
		doctor_find(f, DOCTOR_CRITICAL,
			    "see the log; is that keepname-milter at this socket?",
			    "of two forged X-Keepname headers %zu were taken away, %zu put in "
			    "(last answer \"%c\")",
			    e.deleted, e.inserted, e.last);
	}
	doctor_wire_close(&w);
}

/* -- from within Postfix -------------------------------------------------------------------- */

struct smtpd {
	const struct passwd *user;
	const char *queue;
	const char *path; /* as main.cf has it */
	bool chrooted;
};

/* The first folder on the way that is closed, and why; the way itself if none is. */
static void find_closed(const char *path, char to[256])
{
	char part[sizeof(((struct sockaddr_un *)0)->sun_path)];

	snprintf(part, sizeof(part), "%s", path);
	for (char *p = part + (part[0] == '/'); (p = strchr(p, '/')) != NULL; p++) {
		*p = '\0';
		if (access(part, X_OK) != 0) {
			snprintf(to, 256, "%s: %s", part, strerror(errno));
			return;
		}
		*p = '/';
	}
	if (access(part, F_OK) == 0 && access(part, W_OK) != 0)
		snprintf(to, 256, "%s itself may not be written by it", part);
}

/* In a child; what is wrong into to[], "" for nothing. */
static void try_as(const struct smtpd *s, char to[256])
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to[0] = '\0';
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", s->path);
	if (setgid(s->user->pw_gid) != 0 || initgroups(s->user->pw_name, s->user->pw_gid) != 0 ||
	    chdir(s->queue) != 0 || (s->chrooted && (chroot(s->queue) != 0 || chdir("/") != 0)) ||
	    setuid(s->user->pw_uid) != 0) {
		snprintf(to, 256, "?%s", strerror(errno));
		/* cppcheck-suppress resourceLeak ; it ends with the child, at once */
		return;
	}
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return;
	snprintf(to, 256, "%s", strerror(errno));
	if (errno == EACCES)
		find_closed(s->path, to);
}

/* False when no child could be made. */
static bool try_in_child(const struct smtpd *s, char ret_what[256])
{
	int pair[2];
	ssize_t n;
	pid_t pid;

	if (pipe(pair) != 0)
		return false;
	pid = fork();
	if (pid == 0) {
		char what[256];

		try_as(s, what);
		_exit(write(pair[1], what, strlen(what)) < 0 ? 1 : 0);
	}
	close(pair[1]);
	n = pid > 0 ? read(pair[0], ret_what, 255) : -1;
	close(pair[0]);
	if (pid > 0)
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	ret_what[n > 0 ? n : 0] = '\0';
	return n >= 0;
}

static void try_each(struct doctor *d, struct doctor_finding *f, const struct passwd *user)
{
	struct smtpd s = {.user = user,
			  .queue = d->postfix.queue,
			  .path = str_text(&d->postfix_socket) + strlen("unix:")};
	bool done[2] = {false, false};
	char what[256];

	for (size_t i = 0; i < d->postfix.count; i++) {
		const struct postfix_service *p = &d->postfix.service[i];

		s.chrooted = postfix_is_chrooted(&d->postfix, p);
		if (done[s.chrooted] || strcmp(p->program, "smtpd") != 0)
			continue;
		done[s.chrooted] = true;
		if (!try_in_child(&s, what) || what[0] == '?')
			doctor_find(f, DOCTOR_UNKNOWN, NULL, "it could not be tried: %s", what + 1);
		else if (what[0] == '\0')
			doctor_find(f, DOCTOR_OK, NULL, "user %s reaches %s%s", user->pw_name,
				    s.path, s.chrooted ? " from within the chroot" : "");
		else
			doctor_find(f, DOCTOR_CRITICAL,
				    "each folder on the way must be open (x) for that user, and "
				    "the socket writable: see keepname.tmpfiles, socket_group, "
				    "socket_mode",
				    "user %s does not reach %s%s: %s", user->pw_name, s.path,
				    s.chrooted ? " from within the chroot" : "", what);
	}
}

void doctor_reach(struct doctor *d, struct doctor_finding *f)
{
	struct str owner = {0};
	const struct passwd *user;

	if (!d->has_postfix) {
		doctor_find(f, d->without_postfix, "postfix check", "%s", d->why_no_postfix);
	} else if (strncmp(str_text(&d->postfix_socket), "unix:", 5) != 0) {
		doctor_find(f, DOCTOR_OK, NULL, "over TCP there is nothing in the way");
	} else if (geteuid() != 0) {
		doctor_find(f, DOCTOR_UNKNOWN, "run it as root",
			    "only root can try it as Postfix's user");
	} else if (!postfix_value(&d->postfix, "mail_owner", &owner) ||
		   (user = getpwnam(str_text(&owner))) == NULL) {
		doctor_find(f, DOCTOR_UNKNOWN, NULL, "Postfix's user %s is not there",
			    str_text(&owner));
	} else {
		try_each(d, f, user);
		if (f->says.n == 0)
			doctor_find(f, DOCTOR_OK, NULL, "no smtpd runs here");
	}
	str_free(&owner);
}
