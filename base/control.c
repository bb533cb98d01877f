/* SPDX-License-Identifier: BSD-2-Clause */
/* control.c - see control.h. A packet that is not one octet is passed over: nobody else has the fd.
 */
#include "base/control.h"

#include <errno.h>
#include <sys/socket.h>

bool control_send(int fd, enum control_word word)
{
	const char octet = (char)word;

	return send(fd, &octet, 1, MSG_DONTWAIT | MSG_NOSIGNAL) == 1;
}

int control_receive(int fd, enum control_word *ret_word)
{
	char octet[2];
	const ssize_t n = recv(fd, octet, sizeof(octet), MSG_DONTWAIT);

	if (n == 1) {
		*ret_word = (enum control_word)octet[0];
		return 1;
	}
	if (n == 0)
		return -1;
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		return -1;
	return 0;
}

bool control_answer(int fd)
{
	enum control_word word;
	int got;

	while ((got = control_receive(fd, &word)) == 1)
		if (word == CONTROL_PING)
			control_send(fd, CONTROL_PONG);
	return got == 0;
}
