#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A confirmation closes the matter that it confirms, and says so in its history, where the site has said that
# the sender sends them; nobody else's does, nor one that was forged, changed, or written before the request.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"

registrar_begin 23
changes=0
# The daemon has seen the list change.
taken_up() {
	changes=$((changes + 1))
	lab_await -p "$LAB_KEEPNAME_PID" text -n "$changes" "$LAB/log/keepname.log" 'list changed'
}
# confirmation ID [DATE]: unsigned.
confirmation() {
	sed -e "s/^Date:.*/Date: ${2:-$(date -R)}/" -e "s/^Message-ID:.*/Message-ID: <$1@$REGISTRAR>/" \
		"$srcdir/tests/mails/verified.eml"
}
signed() { lab_sign registrar demo "$REGISTRAR"; }
state_of() { lab_keepname show "$1" | sed -n 's/^state *//p'; }

registrar_mail >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'a request' "$(verdict_of "$LAB_MAIL")" genuine
tap_is 'opens a matter' "$(state_of 1)" open

confirmation shipped | signed >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'by the shipped entry a confirmation is known' "$(verdict_of "$LAB_MAIL")" known
tap_like 'since nobody has said that the sender sends them' "$(lab_header "$LAB_MAIL" X-Keepname)" 'reason=class-sender;'
tap_is 'and closes nothing' "$(state_of 1)" open

# The site's own entries: the sender with its confirmations, and another one that sends them too.
lab_keepname senders add --name key-systems --from "noreply@$REGISTRAR" --platform key-systems \
	--classes verification,verified >"$LAB/out"
taken_up
lab_publish registrar other garden.example
lab_keepname senders add --name garden --from noreply@garden.example --classes verified >"$LAB/out"
taken_up

confirmation forged >"$LAB/message"
lab_deliver --from bounce@shop-login.example --ip 198.51.100.66 "$LAB/message"
tap_is 'forged' "$(verdict_of "$LAB_MAIL")" forged
tap_is 'it closes nothing' "$(state_of 1)" open

{ confirmation link && echo 'https://emailverification.info.evil.example/'; } | signed >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'with a link that leads elsewhere: known' "$(verdict_of "$LAB_MAIL")" known
tap_is 'it closes nothing' "$(state_of 1)" open

confirmation garden | sed 's/^From:.*/From: noreply@garden.example/' |
	lab_sign registrar other garden.example >"$LAB/message"
lab_deliver --from bounce@garden.example "$LAB/message"
tap_is "another sender's is genuine" "$(verdict_of "$LAB_MAIL")" genuine
tap_is 'it closes nothing of this one' "$(state_of 1)" open

confirmation recipient | signed >"$LAB/message"
registrar_deliver --to other@example.com "$LAB/message"
tap_is 'to another recipient it is genuine' "$(verdict_of "$LAB_MAIL")" genuine
tap_is 'it closes nothing of this one' "$(state_of 1)" open

confirmation domain | sed 's/example\.com/example.net/' | signed >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'about another domain it is genuine' "$(verdict_of "$LAB_MAIL")" genuine
tap_is 'it closes nothing of this one' "$(state_of 1)" open

confirmation old "$(date -R -d '-1 day')" | signed >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is "yesterday's, sent once more, is genuine" "$(verdict_of "$LAB_MAIL")" genuine
tap_is 'it closes nothing that was asked for since' "$(state_of 1)" open

confirmation right | signed >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'the right one is genuine' "$(verdict_of "$LAB_MAIL")" genuine
tap_is 'and the matter is done' "$(state_of 1)" 'done'
tap_like 'its history says why' "$(lab_keepname show 1)" \
	" done +mail +confirmed by genuine <?right@$REGISTRAR"
tap_is 'nothing is open, and nothing for review' "$(lab_keepname pending --json | tr -d ' \n')" '[]'

registrar_mail >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'the registrar asks again: a new matter' "$(state_of 2)" open
tap_is 'beside the one that is done' "$(state_of 1)" 'done'
tap_end
