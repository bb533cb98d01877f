#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# SpamAssassin by spamass-milter, the second milter behind keepname: genuine mail is rescued, from the spam
# folder and from a refusal by score; what imitates it is worse off than without; a virus found wins; mail
# flows while keepname is gone.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
# shellcheck source=tests/rescue/three.sh
. "$srcdir/tests/rescue/three.sh"

reason=$(lab_spamd_missing)
[[ $reason ]] || reason=$(lab_spamass_milter_missing)
three_begin 38 "$reason"

lab_spamd_site "$srcdir/tests/lab/spam.cf" "$srcdir/packaging/setup/spamassassin/60_keepname.cf"
lab_spamd_start
lab_spamass_milter_start -m -r 12
strict=$LAB_SPAMASS_SOCKET
lab_spamass_milter_start -m
checks=$LAB/header_checks
cp "$srcdir/packaging/setup/postfix/keepname-header_checks" "$checks"

# site [--milter SOCKET]...: in this order
site() {
	[[ ! $lab_postfix_master ]] || lab_postfix_stop
	lab_postfix_start "$@" --set "header_checks = regexp:$checks" --set "$(lab_spamass_milter_macros)" \
		--set "$(lab_dovecot_transport)"
}

site --milter "unix:$LAB_SPAMASS_SOCKET"
three_without
site --milter "$(lab_keepname_milter)" --milter "unix:$LAB_SPAMASS_SOCKET"
three_with
three_send infected
three_is 'a virus found wins over genuine' 'tagged, Junk \Flagged $Important'
tap_unlike 'which then does not score' "$(lab_spam_rules "$LAB_MAIL")" KEEPNAME_GENUINE
three_flow

# A site that refuses by score.
site --milter "unix:$strict"
tap_fails 'without keepname, a refusal by score: the genuine mail is lost' three_send genuine
site --milter "$(lab_keepname_milter)" --milter "unix:$strict"
three_send genuine
three_is 'with keepname it is rescued' 'untagged, INBOX \Flagged $Important'
tap_fails 'and its forged twin refused' three_send forged
tap_end
