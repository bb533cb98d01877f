/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * socket.c - see socket.h.
 *
 * The syntax is libmilter's (smfi_setconn): local:PATH, unix:PATH, PATH, inet:PORT@HOST,
 * inet6:PORT@HOST; options.c has checked it. A local socket is bound under umask 0777, so that
 * nobody can connect before it has its group and mode: a chrooted Postfix reaches it by group.
 *
 * We may be root here, and the socket's folder may be another user's, who can put a link in the
 * file's place at any moment. So its path is looked up once (pin), and what then changes hands is
 * that file.
 */
#include "milter/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* The path of a local socket, or NULL for one of the inet kinds. */
static const char *local_path(const char *socket_text)
{
	if (strncmp(socket_text, "local:", 6) == 0)
		return socket_text + 6;
	if (strncmp(socket_text, "unix:", 5) == 0)
		return socket_text + 5;
	if (socket_text[0] == '/')
		return socket_text;
	return NULL;
}

/* Whether anything answers at the address. */
static bool is_served(const struct sockaddr_un *address)
{
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int rc;

	if (fd < 0)
		return true;
	rc = connect(fd, (const struct sockaddr *)address, sizeof(*address));
	const bool served = rc == 0 || errno != ECONNREFUSED;
	close(fd);
	return served;
}

/* Makes way for a new socket file; false with the reason when something else is there. */
static bool clear_way(const struct sockaddr_un *address, char *why, size_t size)
{
	struct stat st;

	if (lstat(address->sun_path, &st) != 0) {
		if (errno == ENOENT)
			return true;
		snprintf(why, size, "%s: %s", address->sun_path, strerror(errno));
		return false;
	}
	if (!S_ISSOCK(st.st_mode)) {
		snprintf(why, size, "%s is there already and is no socket: not touched",
			 address->sun_path);
		return false;
	}
	if (is_served(address)) {
		snprintf(why, size, "%s is in use: another daemon serves it", address->sun_path);
		return false;
	}
	if (unlink(address->sun_path) != 0) {
		snprintf(why, size, "cannot remove the stale socket %s: %s", address->sun_path,
			 strerror(errno));
		return false;
	}
	return true;
}

/* To `user`, who connects to it too (pool.h); also its group, but for one that a set-group-id
 * folder gave. Only root can, and needs to. */
static bool give_owner(const struct config *config, int file, char *why, size_t size)
{
	const struct passwd *user;
	struct stat st;

	if (config->user[0] == '\0' || geteuid() != 0)
		return true;
	user = getpwnam(config->user);
	if (user == NULL) {
		snprintf(why, size, "user \"%s\": there is no such user", config->user);
		return false;
	}
	if (fstat(file, &st) != 0 ||
	    fchownat(file, "", user->pw_uid, st.st_gid == getegid() ? user->pw_gid : (gid_t)-1,
		     AT_EMPTY_PATH) != 0) {
		snprintf(why, size, "cannot give %s to user %s: %s", config->socket, config->user,
			 strerror(errno));
		return false;
	}
	return true;
}

static bool give_group(const struct config *config, int file, char *why, size_t size)
{
	const struct group *group;

	if (config->socket_group[0] == '\0')
		return true;
	group = getgrnam(config->socket_group);
	if (group == NULL) {
		snprintf(why, size, "socket_group \"%s\": there is no such group",
			 config->socket_group);
		return false;
	}
	if (fchownat(file, "", (uid_t)-1, group->gr_gid, AT_EMPTY_PATH) != 0) {
		snprintf(why, size, "cannot give %s to group %s: %s", config->socket,
			 config->socket_group, strerror(errno));
		return false;
	}
	return true;
}

static bool give_mode(const struct config *config, int file, char *why, size_t size)
{
	char name[64]; /* fchmod() does not take a descriptor of O_PATH */

	snprintf(name, sizeof(name), "/proc/self/fd/%d", file);
	if (chmod(name, (mode_t)config->socket_mode) == 0)
		return true;
	snprintf(why, size, "cannot set the mode of %s: %s", config->socket, strerror(errno));
	return false;
}

/* A descriptor of the socket file itself, which no link is followed to; or -1 with errno. */
static int pin(const char *path)
{
	const int file = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (file < 0 || (fstat(file, &st) == 0 && S_ISSOCK(st.st_mode)))
		return file;
	close(file);
	errno = ENOTSOCK;
	return -1;
}

static bool give_away(const struct config *config, const char *path, char *why, size_t size)
{
	const int file = pin(path);
	bool good;

	if (file < 0) {
		snprintf(why, size, "cannot open the socket %s: %s", path, strerror(errno));
		return false;
	}
	good = give_owner(config, file, why, size) && give_group(config, file, why, size) &&
	       give_mode(config, file, why, size);
	close(file);
	return good;
}

/* The daemon may serve as `user`, who must be able to remove the file at its end; that is left to
 * the folder's owner: a stale file is replaced at the next start. */
static int open_local(const struct config *config, const char *path, char *why, size_t size)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const size_t n = strlen(path);
	mode_t before;
	int fd, rc;

	if (n == 0 || n >= sizeof(address.sun_path)) {
		snprintf(why, size, "socket path \"%s\" is empty or longer than %zu octets", path,
			 sizeof(address.sun_path) - 1);
		return -1;
	}
	memcpy(address.sun_path, path, n + 1);
	if (!clear_way(&address, why, size))
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0) {
		snprintf(why, size, "socket: %s", strerror(errno));
		return -1;
	}
	before = umask(0777);
	rc = bind(fd, (const struct sockaddr *)&address, sizeof(address));
	umask(before);
	if (rc != 0) {
		snprintf(why, size, "cannot make the socket %s: %s", path, strerror(errno));
		close(fd);
		return -1;
	}
	if (listen(fd, SOMAXCONN) != 0 || !give_away(config, path, why, size)) {
		if (why[0] == '\0')
			snprintf(why, size, "cannot listen at %s: %s", path, strerror(errno));
		unlink(path);
		close(fd);
		return -1;
	}
	return fd;
}

static int open_inet(const char *text, char *why, size_t size)
{
	const bool six = strncmp(text, "inet6:", 6) == 0;
	const char *rest = text + (six ? 6 : 5);
	char port[32], host[256] = "";
	const char *at = strchr(rest, '@');
	const struct addrinfo hints = {
	    .ai_family = six ? AF_INET6 : AF_INET,
	    .ai_socktype = SOCK_STREAM,
	    .ai_flags = AI_PASSIVE,
	};
	struct addrinfo *found;
	int fd, rc;

	snprintf(port, sizeof(port), "%.*s", (int)(at != NULL ? at - rest : (long)strlen(rest)),
		 rest);
	if (at != NULL)
		snprintf(host, sizeof(host), "%s", at + 1);
	rc = getaddrinfo(host[0] != '\0' ? host : NULL, port, &hints, &found);
	if (rc != 0) {
		snprintf(why, size, "socket \"%s\": %s", text, gai_strerror(rc));
		return -1;
	}
	fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0) {
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
		/* Accepted sockets inherit it: libmilter writes each edit as a segment of its own,
		 * and Nagle's algorithm would hold the second one back for 40 ms (measured). */
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
		rc = bind(fd, found->ai_addr, found->ai_addrlen);
		if (rc == 0)
			rc = listen(fd, SOMAXCONN);
	}
	if (fd < 0 || rc != 0) {
		snprintf(
		    why, size, "cannot listen at \"%s\": %s", text,
		    errno == EADDRINUSE ? "in use, another daemon serves it" : strerror(errno));
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	freeaddrinfo(found);
	return fd;
}

int socket_open(const struct config *config, char *why, size_t size)
{
	const char *path = local_path(config->socket);

	why[0] = '\0';
	return path != NULL ? open_local(config, path, why, size)
			    : open_inet(config->socket, why, size);
}

void socket_remove(const char *text)
{
	const char *path = local_path(text);
	struct stat st;

	if (path != NULL && lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
		unlink(path);
}
