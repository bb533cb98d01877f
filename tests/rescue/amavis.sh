#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# amavisd-new, a content filter after Postfix's queue, behind keepname: SpamAssassin's rules are all that it
# needs. Genuine mail is rescued, what imitates it is worse off than without, a virus found by a scanner is
# not delivered however genuine the mail, mail flows while keepname is gone.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
# shellcheck source=tests/rescue/three.sh
. "$srcdir/tests/rescue/three.sh"

three_begin 36 "$(lab_amavis_missing)"

lab_spamd_site "$srcdir/tests/lab/spam.cf" "$srcdir/packaging/setup/spamassassin/60_keepname.cf"
lab_amavis_start
three_filter="smtp-amavis:[127.0.0.1]:$LAB_AMAVIS_PORT"
cp "$srcdir/packaging/setup/postfix/keepname-header_checks" "$LAB/header_checks"

# site [--milter SOCKET]
site() {
	[[ ! $lab_postfix_master ]] || lab_postfix_stop
	lab_postfix_start "$@" --services "$(lab_amavis_services)" --set "content_filter = $three_filter" \
		--set "header_checks = regexp:$LAB/header_checks" --set "$(lab_dovecot_transport)"
}
said() { grep -F "$LAB_QUEUE_ID: " "$LAB/log/postfix.log"; }

site
three_without
site --milter "$(lab_keepname_milter)"
three_with
three_blocked
tap_like 'a virus found wins over genuine: amavisd says so' "$(said)" 'discarded.*INFECTED: Eicar-By-Hand'
tap_is 'though keepname proved the mail' "$(log_of "$LAB_QUEUE_ID" | grep -c verdict=genuine)" 1
tap_is 'and nothing is delivered' "$LAB_MAIL" ''
three_flow
tap_end
