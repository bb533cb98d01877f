/* SPDX-License-Identifier: BSD-2-Clause
 *
 * freeport [N]: prints N (1 to 64, default 1) different ports that are free on 127.0.0.1 for TCP
 * and UDP alike, one a line. They lie below the range of outgoing connections, and are tried in
 * random order so that tests running at the same time seldom meet. Nothing is reserved: who gets
 * "address in use" asks again. Exit 0; 1 where there are none; 2 wrong usage. */
#include "config.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LOWEST = 20000, COUNT = 12000, TRIES = 5000, MOST = 64 };

static bool takes(int type, unsigned port)
{
	struct sockaddr_in in = {
	    .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	    .sin_port = htons((uint16_t)port),
	};
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	bool ok = fd >= 0 && bind(fd, (struct sockaddr *)&in, sizeof in) == 0;

	/* A taken port stays open until we exit, so it is not given twice. */
	if (!ok && fd >= 0)
		close(fd);
	return ok;
}

int main(int argc, char **argv)
{
	int want = argc > 1 ? atoi(argv[1]) : 1;
	unsigned r;

	if (argc > 2 || want < 1 || want > MOST) {
		fputs("usage: freeport [N]\n", stderr);
		return 2;
	}
	for (int i = 0; i < TRIES && want > 0; i++) {
		if (getrandom(&r, sizeof r, 0) != sizeof r)
			return 1;
		r = LOWEST + r % COUNT;
		if (takes(SOCK_STREAM, r) && takes(SOCK_DGRAM, r)) {
			printf("%u\n", r);
			want--;
		}
	}
	if (want > 0)
		fputs("freeport: no free port on 127.0.0.1\n", stderr);
	return want > 0;
}
