/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * believed.h - our header as set by a server of ours: on mail from believed_networks, a copy whose
 * by= is one of authserv_id is kept and believed, and the message is not judged again. Nor is it
 * recorded again: it is in the database of the server that judged it.
 *
 * A relay that does not run keepname passes on what strangers wrote, and they know our names. It is
 * in trusted_networks, which says nothing but that its address is not the sender's.
 */
#ifndef MILTER_BELIEVED_H
#define MILTER_BELIEVED_H

#include "base/config.h"
#include "rules/core/message.h"

/* The topmost such header's index; false if there is none. */
bool believed_find(const struct message *m, const struct config_list *authserv_id,
		   size_t *ret_index);

#endif
