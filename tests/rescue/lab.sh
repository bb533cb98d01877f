#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Dovecot, by LMTP and Sieve, behind the lab's Postfix: what a tag, a user's script and a flag do to where a
# mail lands. No keepname here: when a test of this ring fails and this one does not, the mail store is not
# at fault.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"

reason=$(lab_missing)
[[ $reason ]] || reason=$(lab_dovecot_missing)
[[ -z $reason ]] || tap_skip_all "$reason"
tap_plan 8

lab_begin
lab_fill "$srcdir/tests/lab/plain.eml" >"$LAB/plain"
{ printf 'X-Spam: Yes\n'; cat "$LAB/plain"; } >"$LAB/tagged"
tap_ok 'the rule of the site compiles' lab_dovecot_junk
tap_ok 'Dovecot starts' lab_dovecot_start
lab_postfix_start --set "$(lab_dovecot_transport)"

lab_dovecot_deliver "$LAB/plain"
tap_is 'an ordinary mail is in the inbox, without a flag' "$LAB_FOLDER $(lab_mail_flags "$LAB_MAIL")" 'INBOX '
lab_dovecot_deliver "$LAB/tagged"
tap_is 'a tagged one is in Junk' "$LAB_FOLDER" Junk

lab_dovecot_user_sieve files@example.com <<'END'
require ["fileinto", "mailbox", "imap4flags"];
addflag ["\\Flagged", "$Important"];
fileinto :create "Work";
END
lab_dovecot_deliver --to files@example.com --to other@example.com "$LAB/plain"
tap_is 'two recipients, two copies' "${#LAB_MAILS[@]}" 2
for copy in "${LAB_MAILS[@]}"; do
	[[ $copy != */files@example.com/* ]] || tap_is 'the script of a user files and flags its own copy' \
		"$(lab_mail_folder "$copy") $(lab_mail_flags "$copy")" 'Work \Flagged $Important'
done

lab_dovecot_user_sieve files@example.com <<<'discard;'
tap_ok 'a user may discard' lab_dovecot_deliver --to files@example.com "$LAB/plain"
tap_is 'and there is no copy' "$LAB_MAIL" ''
tap_end
