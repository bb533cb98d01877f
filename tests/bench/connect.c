/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * connect.c - sockets named as libmilter and Postfix name them. See connect.h.
 */
#include "tests/bench/connect.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int open_unix(const char *path)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	int fd, err;

	if (strlen(path) >= sizeof(sa.sun_path))
		return -ENAMETOOLONG;
	strcpy(sa.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&sa, sizeof(sa)) == 0)
		return fd;
	err = errno;
	close(fd);
	return -err;
}

static int open_inet(int family, const char *port_at_host)
{
	struct addrinfo hints = {.ai_family = family, .ai_socktype = SOCK_STREAM}, *list = NULL;
	const char *at = strchr(port_at_host, '@');
	char port[16];
	int fd, err;

	if (at == NULL || at == port_at_host || (size_t)(at - port_at_host) >= sizeof(port))
		return -EINVAL;
	memcpy(port, port_at_host, (size_t)(at - port_at_host));
	port[at - port_at_host] = '\0';
	if (getaddrinfo(at + 1, port, &hints, &list) != 0)
		return -EINVAL;
	fd = socket(list->ai_family, list->ai_socktype | SOCK_CLOEXEC, list->ai_protocol);
	err = fd < 0 ? errno : 0;
	if (fd >= 0 && connect(fd, list->ai_addr, list->ai_addrlen) != 0) {
		err = errno;
		close(fd);
	}
	freeaddrinfo(list);
	return err != 0 ? -err : fd;
}

int connect_spec(const char *spec)
{
	if (strncmp(spec, "unix:", 5) == 0)
		return open_unix(spec + 5);
	if (strncmp(spec, "local:", 6) == 0)
		return open_unix(spec + 6);
	if (strncmp(spec, "inet:", 5) == 0)
		return open_inet(AF_INET, spec + 5);
	if (strncmp(spec, "inet6:", 6) == 0)
		return open_inet(AF_INET6, spec + 6);
	return -EINVAL;
}
