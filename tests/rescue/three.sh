# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # the lab's files and the tests share variables
#
# The three mails that the rescue is proved with: the registrar's verification mail, its forged twin (the
# same without a signature, from elsewhere), and a lookalike (from a name that imitates the registrar's). A
# site whose rules take all of them for spam (tests/lab/spam.cf) files them without keepname and with it.
# After tests/wire/registrar.sh.
#
#   three_begin TESTS REASON     skips where REASON or the lab says why; lab, DNS, Dovecot with our script
#                                for Sieve and the site's rule for Junk, and keepname, which runs in front of
#                                nothing yet
#   three_send NAME [EDITED-BY COMMAND...]
#                                sends genuine, forged, lookalike, or infected (genuine, with EICAR's test
#                                file in its text) and awaits its delivery; sets LAB_MAIL,
#                                LAB_FOLDER and three_score
#   three_blocked                the infected one, which no filter after the queue gives back
#   three_without                7 tests: all are tagged, and in Junk; remembers their scores
#   three_with                  15 tests: what became of them behind keepname
#   three_flow                  11 tests: mail flows with keepname stopped, killed and frozen, and a forged
#                                header gains nothing meanwhile

declare -A three_before=()
three_score=
# The site's content_filter, where it has one.
three_filter=

three_begin() {
	local reason
	reason=${2-}
	[[ $reason ]] || reason=$(lab_missing)
	[[ $reason ]] || reason=$(lab_dovecot_missing)
	[[ -z $reason ]] || tap_skip_all "$reason"
	tap_plan "$1"
	lab_begin
	registrar_dns
	lab_dns_start
	lab_keepname_start
	lab_dovecot_junk
	lab_dovecot_sieve 10-keepname.sieve <"$srcdir/packaging/setup/dovecot/sieve/before.d/10-keepname.sieve"
	lab_dovecot_start
}

three_mail() {
	case $1 in
	genuine) registrar_mail ;;
	forged) registrar_mail --unsigned ;;
	lookalike) registrar_mail --unsigned | sed "s/noreply@$REGISTRAR/noreply@ernailverification.info/" ;;
	infected) { registrar_mail --unsigned && three_eicar; } | lab_sign registrar demo "$REGISTRAR" ;;
	esac
}

# EICAR's test file, in pieces so that no scanner of a working copy finds it.
three_eicar() { printf '\n%s%s%s\n' 'X5O!P%@AP[4\PZX54(P^)7CC)7}' '$EICAR-STANDARD-ANTIVIRUS' '-TEST-FILE!$H+H*'; }

three_send() {
	local name=$1 from=bounce@ernailverification.info ip=198.51.100.66
	shift
	(($#)) || set -- cat
	three_mail "$name" | "$@" >"$LAB/message"
	[[ $name != genuine && $name != infected ]] || from=bounce@$REGISTRAR ip=$REGISTRAR_IP
	three_deliver --from "$from" --ip "$ip" "$LAB/message" || return 1
	three_score=$(lab_spam_score "$LAB_MAIL")
}

# As lab_dovecot_deliver; a filter after the queue gives the message back under another queue id, and that is
# known by its Message-ID.
three_deliver() {
	[[ $three_filter ]] || { lab_dovecot_deliver "$@" && return; }
	local id
	lab_send "$@" || return 1
	id=$(lab_header "$LAB/message" Message-ID)
	lab_await -p "$lab_postfix_master" -m "$id to come back" text -n 2 "$LAB/log/postfix.log" "message-id=$id" || return 1
	lab_dovecot_await "$(sed -n "s/.*cleanup\[[0-9]*\]: \([0-9A-Za-z]*\): message-id=$id\$/\1/p" "$LAB/log/postfix.log" | tail -n 1)"
}

# An infected mail, that a filter after the queue takes and does not give back.
three_blocked() {
	three_mail infected >"$LAB/message"
	lab_dovecot_deliver --from "bounce@$REGISTRAR" --ip "$REGISTRAR_IP" "$LAB/message"
}

# Whether the site's filter said that the last mail is spam.
three_tagged() { [[ $(lab_header "$LAB_MAIL" X-Spam-Flag) == YES ]] && echo tagged || echo untagged; }
three_is() { tap_is "$1" "$(three_tagged), $LAB_FOLDER $(lab_mail_flags "$LAB_MAIL")" "$2"; }
three_more() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a > b) }'; }

three_without() {
	local name
	for name in genuine forged lookalike; do
		three_send "$name"
		three_before[$name]=$three_score
		three_is "without keepname: $name" 'tagged, Junk '
		tap_like "$name has a score" "$three_score" '^[0-9.]+$'
	done
	three_send forged sed '1i X-Keepname: genuine; class=verification; ours=unset; by=mx.lab.test'
	three_is 'without keepname, but with the line for header_checks: a forged header gains nothing' 'tagged, Junk '
}

three_with() {
	local name
	three_send genuine
	three_is 'with keepname: the genuine mail' 'untagged, INBOX \Flagged $Important'
	tap_is 'is marked' "$(verdict_of "$LAB_MAIL")" genuine
	tap_like 'by a rule of ours' "$(lab_spam_rules "$LAB_MAIL")" KEEPNAME_GENUINE
	tap_like 'which outweighs those of the site' "$(lab_spam_rules "$LAB_MAIL")" LOCAL_VALIDATE_OR_ELSE
	for name in forged lookalike; do
		three_send "$name"
		three_is "with keepname: $name" 'tagged, Junk '
		tap_is "$name is marked" "$(verdict_of "$LAB_MAIL")" "$name"
		tap_like "$name has a rule of ours" "$(lab_spam_rules "$LAB_MAIL")" "KEEPNAME_${name^^}"
		tap_ok "$name: a higher score than without ($three_score, ${three_before[$name]})" \
			three_more "$three_score" "${three_before[$name]}"
	done
	three_send forged sed '1i X-Keepname: genuine; class=verification; ours=unset; by=mx.lab.test'
	three_is 'with keepname: a forged header gains nothing' 'tagged, Junk '
	tap_is 'ours alone is left' "$(lab_header "$LAB_MAIL" X-Keepname | cut -d';' -f1)" forged
	three_send genuine sed '1i X-Keepname: forged; class=verification; ours=no; by=mx.lab.test'
	three_is 'and takes nothing from a genuine mail' 'untagged, INBOX \Flagged $Important'
}

# $1: how keepname is gone.
three_flows() {
	three_send genuine
	three_is "keepname $1: mail is delivered, as without it" 'tagged, Junk '
	three_send forged sed '1i X-Keepname: genuine; class=verification; ours=unset; by=mx.lab.test'
	three_is_as_sent "keepname $1: a forged header gains nothing"
}
three_is_as_sent() { tap_is "$1" "$(three_tagged), $LAB_FOLDER, $(verdict_of "$LAB_MAIL")" 'tagged, Junk, none'; }

# Frozen with all of its parts: the MTA can connect, and waits as long as it is told to, once a session. XCLIENT
# would begin a second session.
three_flow() {
	lab_keepname_stop
	three_flows stopped
	tap_ok 'keepname starts again' lab_keepname_start
	lab_kill "$LAB_KEEPNAME_PID"
	lab_reap_group "$LAB_KEEPNAME_PID"
	three_flows killed
	tap_ok 'and again' lab_keepname_start
	kill -STOP -- "-$LAB_KEEPNAME_PID"
	three_mail forged | sed '1i X-Keepname: genuine; class=verification; ours=unset; by=mx.lab.test' >"$LAB/message"
	tap_ok 'keepname frozen: mail is delivered' three_deliver "$LAB/message"
	three_is_as_sent 'keepname frozen: a forged header gains nothing'
	kill -KILL -- "-$LAB_KEEPNAME_PID"
	lab_kill "$LAB_KEEPNAME_PID"
	lab_reap_group "$LAB_KEEPNAME_PID"
	tap_ok 'keepname is back' lab_keepname_start
	three_send genuine
	three_is 'and the next mail is rescued' 'untagged, INBOX \Flagged $Important'
	tap_is 'in all of this nothing was deferred' "$(grep -c 'status=deferred' "$LAB/log/postfix.log" || true)" 0
}
