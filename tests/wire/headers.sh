#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Header edits as Postfix carries them out: forged copies go from every message, in any number and
# spelling; priority headers that are there already are changed, or left where a signature covers them.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"

registrar_begin 18

# An ordinary mail with these lines on top.
with_headers() {
	printf '%s\n' "$@"
	lab_fill "$srcdir/tests/lab/plain.eml"
}
any_spelling() { sed '/^\r*$/q' "$LAB_MAIL" | grep -ci '^x-keepname[[:space:]]*:' || true; }

with_headers 'X-Keepname: genuine; by=mx.lab.test' >"$LAB/message"
lab_deliver "$LAB/message"
tap_is 'one forged copy on an ordinary mail is gone' "$(any_spelling)" 0

with_headers 'X-Keepname: genuine' 'X-Other: 1' 'x-keepname: genuine' 'X-KEEPNAME: known' 'X-Keepname: a' 'X-Keepname: b' >"$LAB/message"
lab_deliver "$LAB/message"
tap_is 'five copies, other cases, are gone' "$(any_spelling)" 0
tap_is 'what stands between them stays' "$(lab_header "$LAB_MAIL" X-Other)" 1

with_headers 'X-Keepname : genuine' >"$LAB/message"
lab_deliver "$LAB/message"
tap_is 'a space before the colon does not help' "$(any_spelling)" 0

with_headers 'X-Keepname: genuine;' '	folded=yes' >"$LAB/message"
lab_deliver "$LAB/message"
tap_is 'a folded copy is gone' "$(any_spelling)" 0

with_headers "$(printf 'X-Keepname: gen\001uine')" >"$LAB/message"
lab_deliver "$LAB/message"
tap_is 'control octets do not help' "$(any_spelling)" 0

printf 'X-Keepname: gen\000uine\n' >"$LAB/message"
lab_fill "$srcdir/tests/lab/plain.eml" >>"$LAB/message"
lab_deliver "$LAB/message"
tap_is 'NUL does not help' "$(any_spelling)" 0

# LIMIT_OUR_HEADERS copies, and one more: that one is held, for nothing may be left to believe.
copies() { for ((i = 0; i < $1; i++)); do echo 'X-Keepname: genuine'; done; lab_fill "$srcdir/tests/lab/plain.eml"; }
copies 100 >"$LAB/message"
lab_deliver "$LAB/message"
tap_is 'a hundred copies are gone' "$(any_spelling)" 0
copies 101 >"$LAB/message"
lab_send "$LAB/message"
lab_await -p "$LAB_KEEPNAME_PID" text "$LAB/log/postfix.log" "$LAB_QUEUE_ID: milter-hold"
tap_ok 'with one more the mail is held' grep -q "$LAB_QUEUE_ID: milter-hold" "$LAB/log/postfix.log"

registrar_mail >"$LAB/signed"
{ printf 'X-Keepname: forged; by=x\nX-Keepname: genuine; by=y\n'; cat "$LAB/signed"; } >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'a genuine mail keeps only ours' "$(lab_header_count "$LAB_MAIL" X-Keepname)" 1
tap_like 'which is on top' "$(sed -n '/^[Xx]-[Kk]eepname/{p;q}; /^Received: from/q' "$LAB_MAIL")" '^X-Keepname: genuine;'

registrar_mail >"$LAB/signed"
{ printf 'X-Priority: 5\nImportance: low\nImportance: Low\nPriority: non-urgent\n'; cat "$LAB/signed"; } >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'X-Priority that was there is changed' "$(lab_header "$LAB_MAIL" X-Priority)" '1 (Highest)'
tap_is 'Importance too, its second copy deleted' "$(lab_header "$LAB_MAIL" Importance)" high
tap_is 'Priority too' "$(lab_header "$LAB_MAIL" Priority)" urgent

{ printf 'X-Priority: 3\n'; registrar_mail --unsigned; } |
	lab_sign registrar demo "$REGISTRAR" -o X-Priority:Importance >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'genuine, with a priority header that its signature covers' "$(verdict_of "$LAB_MAIL")" genuine
tap_is 'which is left as it is' "$(lab_header "$LAB_MAIL" X-Priority)" 3
tap_is 'and one that is oversigned is not added' "$(lab_header_count "$LAB_MAIL" Importance)" 0
tap_is 'the one that is not covered is' "$(lab_header "$LAB_MAIL" Priority)" urgent
tap_end
