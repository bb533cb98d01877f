#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# From mail to a suggestion to an entry, through the daemon: an unlisted sender is accepted, and the same
# mail is genuine; a link that a listed sender did not have is accepted, and the same mail is genuine; an
# entry of the site's own stays as it is throughout.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
command -v sqlite3 >/dev/null || tap_skip_all 'sqlite3 is not installed (scripts/install-deps --tests)'

registrar_begin 28
database=$LAB/keepname/keepname.db
ask() { sqlite3 -readonly "$database" "$1"; }
changes=0
# The daemon has seen the list change.
taken_up() {
	changes=$((changes + 1))
	lab_await -p "$LAB_KEEPNAME_PID" text -n "$changes" "$LAB/log/keepname.log" 'list changed'
}

lab_keepname senders add --name own --from own@site.example --classes renewal --link 'own.site.example /x' >"$LAB/out"
taken_up

# A white label: its own domain and key, the platform's link.
lab_publish registrar white garden.example
white_mail() {
	registrar_mail --unsigned | sed "s/noreply@$REGISTRAR/verify@garden.example/" |
		lab_sign registrar white garden.example
}
white_mail >"$LAB/message"
lab_deliver --from bounce@garden.example --to owner@example.com --to other@example.com "$LAB/message"
tap_is 'mail of a sender that nobody listed' "$(verdict_of "$LAB_MAIL")" unlisted
tap_ok 'is a suggestion' lab_keepname senders suggestions
tap_like 'of its exact address' "$tap_output" '#1 sender verify@garden\.example'
tap_like 'with the platform' "$tap_output" 'platform +key-systems'
tap_like 'the shape of its link' "$tap_output" 'links +www\.emailverification\.info /\?trigger=\*&email=\*'
tap_like 'its signature' "$tap_output" 'd=garden\.example s=white'
tap_like 'and who got it' "$tap_output" '1 mail to 2 recipients'
tap_is 'no token and no address of a link is in the database' \
	"$(sqlite3 -readonly "$database" .dump | grep -cE '0123456789abcdef|trigger=[^*]|email=[^*]')" 0
white_mail >"$LAB/message"
lab_deliver --from bounce@garden.example "$LAB/message"
lab_deliver --from bounce@garden.example "$LAB/message"
tap_is 'the same mail once more does not count' "$(ask 'SELECT mails FROM suggestion')" 2

tap_ok 'it is accepted' lab_keepname senders accept verify@garden.example --yes
tap_like 'with what its mail would have got' "$tap_output" '2 would have been genuine\.'
taken_up
white_mail >"$LAB/message"
lab_deliver --from bounce@garden.example "$LAB/message"
tap_is 'and then its mail is genuine' "$(verdict_of "$LAB_MAIL")" genuine
white_mail | sed 's,www.emailverification.info/,emailverification.info.evil.example/,' >"$LAB/message"
lab_deliver --from bounce@garden.example "$LAB/message"
tap_unlike 'what was changed on the way is not' "$(verdict_of "$LAB_MAIL")" genuine
tap_is 'nor was a neighbour accepted' "$(ask "SELECT group_concat(address) FROM (SELECT address FROM sender WHERE origin = 'local' ORDER BY address)")" \
	'own@site.example,verify@garden.example'

# A listed sender with a link of another place.
moved_mail() {
	registrar_mail --unsigned | sed 's,^https://www.emailverification.info/.*,https://new.verify.example/raa/dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk,' |
		lab_sign registrar demo "$REGISTRAR"
}
moved_mail >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'a listed sender with another link' "$(verdict_of "$LAB_MAIL")" known
tap_ok 'is a suggestion' lab_keepname senders suggestions
tap_like 'of that link' "$tap_output" 'link new\.verify\.example /raa/\*'
tap_is 'without its token' "$(sqlite3 -readonly "$database" .dump | grep -c dBjftJeZ)" 0
tap_ok 'it is accepted' lab_keepname senders accept "noreply@$REGISTRAR" --yes
taken_up
moved_mail >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'and then that mail is genuine' "$(verdict_of "$LAB_MAIL")" genuine
registrar_mail >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'as is the one with the old link' "$(verdict_of "$LAB_MAIL")" genuine
registrar_mail --unsigned | sed 's,^https://www.emailverification.info/.*,https://new.verify.example/other/1,' |
	lab_sign registrar demo "$REGISTRAR" >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'another page there is not' "$(verdict_of "$LAB_MAIL")" known
tap_is 'the shipped entry is still the shipped one' "$(ask "SELECT group_concat(origin) FROM sender WHERE name = 'key-systems'")" shipped
tap_is 'and the own entry as it was' "$(lab_keepname senders show own | head -n 5 | tr '\n' '|')" \
	'Sender: own|From: own@site.example|Classes: renewal|Link: own.site.example /x|'

# Taken back.
lab_keepname senders remove key-systems
taken_up
moved_mail >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'taken back, it is known again' "$(verdict_of "$LAB_MAIL")" known

# Rejected: never again.
tap_ok 'the other page is rejected' lab_keepname senders reject "$(ask "SELECT id FROM suggestion WHERE link LIKE '%/other/*'")"
registrar_mail --unsigned | sed 's,^https://www.emailverification.info/.*,https://new.verify.example/other/1,' |
	lab_sign registrar demo "$REGISTRAR" >"$LAB/message"
registrar_deliver "$LAB/message"
tap_unlike 'and not suggested again' "$(lab_keepname senders suggestions)" '/other/'

# From the spool too.
lab_keepname_stop
tap_like 'counters' "$(lab_keepname stats)" 'suggestion\.accepted +2'
tap_end
