#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# SpamAssassin by spamc, a content filter after Postfix's queue that gives the mail back by sendmail(1), behind
# keepname: genuine mail is rescued, what imitates it is worse off than without, a virus found wins, mail
# flows while keepname is gone. And the one thing that such a site must change: without it the header is taken
# away as if it came from outside.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
# shellcheck source=tests/rescue/three.sh
. "$srcdir/tests/rescue/three.sh"

three_begin 36 "$(lab_spamd_missing)"

lab_spamd_site "$srcdir/tests/lab/spam.cf" "$srcdir/packaging/setup/spamassassin/60_keepname.cf"
lab_spamd_start
three_filter=spamassassin:
cp "$srcdir/packaging/setup/postfix/keepname-header_checks" "$LAB/header_checks"

# sendmail(1) is given mail by a user that owns nothing. Postfix's postdrop is set-gid and then refuses another
# folder of configuration than /etc/postfix: here is a copy that is not, and a queue which it can write to.
open_queue() {
	install -d -m 755 "$LAB/postfix/bin"
	install -m 755 "${POSTFIX_ROOT-}/usr/sbin/postdrop" "$LAB/postfix/bin/"
	chmod 1733 "$LAB_POSTFIX_QUEUE/maildrop"
	chmod 711 "$LAB_POSTFIX_QUEUE/public"
}

services() {
	cat <<-END
		pickup unix n - n 60 1 pickup -o content_filter= ${1-}
		spamassassin unix - n n - - pipe user=nobody argv=$(command -v spamc) -U $LAB_SPAMD_SOCKET -e ${POSTFIX_ROOT-}/usr/sbin/sendmail -oi -f \${sender} -- \${recipient}
	END
}

# site OPTIONS-OF-PICKUP [--milter SOCKET]
site() {
	local pickup=$1
	shift
	[[ ! $lab_postfix_master ]] || lab_postfix_stop
	lab_postfix_start "$@" --services "$(services "$pickup")" --set "content_filter = $three_filter" \
		--set "command_directory = $LAB/postfix/bin" --set 'export_environment = TZ MAIL_CONFIG LANG LD_LIBRARY_PATH' \
		--set "header_checks = regexp:$LAB/header_checks" --set "$(lab_dovecot_transport)"
	open_queue
}

site ''
three_without
site '' --milter "$(lab_keepname_milter)"
three_send genuine
three_is 'the mail is rescued, but comes back from outside for all that Postfix knows: no flag' 'untagged, INBOX '
site '-o receive_override_options=no_header_body_checks,no_milters' --milter "$(lab_keepname_milter)"
three_with
three_send infected
three_is 'a virus found wins over genuine' 'tagged, Junk \Flagged $Important'
three_flow

lab_spamd_stop
three_send genuine
tap_is 'spamd is gone: mail is delivered, unjudged, and flagged' \
	"$LAB_FOLDER $(lab_mail_flags "$LAB_MAIL") $(lab_header "$LAB_MAIL" X-Spam-Status)" 'INBOX \Flagged $Important '
tap_end
