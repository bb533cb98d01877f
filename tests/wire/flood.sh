#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Floods. Genuine mail past the rate is still genuine and recorded, and no longer marked urgent, of its
# recipient alone. What claims a listed sender and is not proved is gathered, and hides nothing.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"

registrar_begin 14
limit() { sed -n "s/.*\<$1 = \([0-9]*\).*/\1/p" "$srcdir/base/limits.h"; }
recipients=$(limit LIMIT_BOOSTS_RECIPIENT)
reviews=$(grep -A1 LIMIT_STRANGERS_REVIEWS "$srcdir/base/limits.h" | grep -o '[0-9]\+' | head -n 1)

deliver() { # NAME of the recipient
	registrar_mail "ID=$1.$RANDOM$RANDOM" >"$LAB/message"
	registrar_deliver --to "$1@example.com" "$LAB/message"
}
urgent() { lab_header "$LAB_MAIL" X-Priority; }
logged() { log_of "$LAB_QUEUE_ID" | sed -n 's/.* \(unmarked=[^ ]*\).*/\1/p'; }

marked=0
for ((i = 0; i < recipients; i++)); do
	deliver owner
	[[ $(urgent) != '1 (Highest)' ]] || marked=$((marked + 1))
done
tap_is 'up to the rate all are marked' "$marked" "$recipients"
tap_is 'the log has nothing to say of it' "$(logged)" ''
deliver owner
tap_is 'the next is not' "$(urgent)" ''
tap_is 'the log says why' "$(logged)" 'unmarked=recipient-rate'
tap_is 'it is genuine all the same' "$(verdict_of "$LAB_MAIL")" genuine
tap_is 'all are recorded' "$(lab_keepname pending --json --recipient owner@example.com | sed -n 's/.*"mails": \([0-9]*\).*/\1/p')" \
	$((recipients + 1))
deliver other
tap_is 'of another recipient it is marked' "$(urgent)" '1 (Highest)'

# Without proof: no signature, and no server of the sender.
doubtful() { # DOMAIN RECIPIENT
	registrar_mail --unsigned "ID=$RANDOM$RANDOM$RANDOM" | sed "s/example\.com/$1/g" >"$LAB/message"
	lab_deliver --from someone@elsewhere.example --ip 198.51.100.66 --to "$2@example.com" "$LAB/message"
}
lab_dns_txt "_dmarc.$REGISTRAR" 'v=DMARC1; p=none'
lab_keepname_stop
lab_keepname_start
for ((i = 0; i < reviews + 3; i++)); do
	doubtful "name$i.example" flooded
done
tap_is 'mail without proof is unproven' "$(verdict_of "$LAB_MAIL")" unproven
review() { lab_keepname pending --json --state review --recipient flooded@example.com; }
tap_is 'so many are to be reviewed, and one more' "$(review | grep -c '"id"')" $((reviews + 1))
tap_is 'the rest is gathered in that one' "$(review | sed -n 's/.*"mails": \([0-9]*\).*/\1/p' | sort -n | uniq | xargs)" '1 3'
deliver flooded
tap_is 'what is proved has its own' \
	"$(lab_keepname pending --json --state open --recipient flooded@example.com | grep -c '"id"')" 1
tap_is 'and is marked' "$(urgent)" '1 (Highest)'

lab_keepname_stop
tap_like 'what was marked is counted' "$(lab_keepname stats --json)" "\"boost.marked\": $((recipients + 2))"
tap_like 'and what was not' "$(lab_keepname stats --json)" '"boost.recipient-rate": 1'
tap_end
