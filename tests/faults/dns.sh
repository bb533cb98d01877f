#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# DNS that is dead, slow, cut off, failing or lying (tests/tools/baddns.c), with one resolver before and
# after: no mail is proved by it, mail flows, and what comes once DNS is well again is
# judged as before. wire/dns.sh has the same with a Postfix and reloads.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
# shellcheck source=tests/faults/site.sh
. "$srcdir/tests/faults/site.sh"

# Each with its argument, if it has one. After the first ones, one of each kind of failure, the same resolver is
# asked until it has got over it; the others would be got over likewise, and it takes 5 s each.
overcome=('silent' 'servfail' 'nxdomain' 'garbage' 'truncated' 'wrongname' 'loop' 'thousands' 'nul v=DKIM1')
more=('refused' 'empty' 'garbage 60000' 'garbage 3' 'notcp' 'drip' 'slow 4000' 'wrongid' 'chain' 'huge' 'huge 900' 'many' 'many 500'
	'text' 'text v=spf1')
faults_lab $((3 * ${#overcome[@]} + 2 * ${#more[@]} + 16))
port=$(lab_port)
lab_keepname_conf "nameservers = {\"127.0.0.1@$port\"}" 'dns_timeout = 2'
lab_keepname_start
resolver=$(part resolver)
log=$LAB/log/keepname.log

LAB_BADDNS_PID=
dns_is() {
	[[ -z $LAB_BADDNS_PID ]] || lab_stop "$LAB_BADDNS_PID"
	lab_baddns -p "$port" "$@"
}
well() { dns_is slow 1; }
# word KEY [OPTION]... FILE: sends one message and prints what came.
word() {
	courier "$@" || true
	awk '{ print $3 }' "$LAB/answers.$1"
}
# A mail each second until one is genuine; $tried says how many it took.
await_genuine() {
	local key=$1
	shift
	for ((tried = 1; tried <= 60; tried++)); do
		[[ $(word "$key.$tried" "$@") != genuine ]] || return 0
		"$lab_tools/await" -t 1 end "$LAB_KEEPNAME_PID" 2>/dev/null || true
	done
	return 1
}

# -- lies about names: nothing but SPF could prove this mail, and it comes from where the lie says
said='v=spf1 ip4:198.51.100.9 -all'
registrar_mail --unsigned >"$LAB/unsigned"
lie() { # NAME MODE [TEXT]
	dns_is "${@:2}"
	tap_is "$1: delivered, unproven" "$(word "lie.$2" -i 198.51.100.9 "$LAB/unsigned")" unproven
}
lie 'that text for other names' others "$said"
lie 'for the name with a NUL in it' nulname "$said"
lie 'for the name, with a NUL behind the text' nul "$said"
lie 'no poison has stayed: an empty answer' empty
lie 'no poison has stayed: no answer' silent
dns_is text "$said"
tap_ok 'for the name that was asked it is proof' await_genuine lie.control -i 198.51.100.9 "$LAB/unsigned"

# -- what is no answer, or none in time
well
tap_ok 'DNS is well: genuine' await_genuine well "$LAB/mail"
# Asked about before, a name may still be in the cache: that would be no trouble at all.
forget() {
	kill -KILL "$resolver"
	await_part resolver "$resolver"
	resolver=$part_pid
}
bad() { # MODE
	local key words
	key=${1//[ =]/-}
	read -r -a words <<<"$1"
	forget
	dns_is "${words[@]}"
	tap_like "$1: delivered, not proved" "$(word "bad.$key" "$LAB/mail")" '^(unproven|forged)$'
	tap_is "$1: ordinary mail flows" "$(word "plain.$key" "$LAB/plain")" none
}
for mode in "${overcome[@]}"; do
	bad "$mode"
	well
	tap_ok "$mode: well again, genuine" await_genuine "back.${mode%% *}" "$LAB/mail"
	tap_note "$mode: it took $tried"
done
for mode in "${more[@]}"; do
	bad "$mode"
done
forget
well
tap_ok 'well again, genuine' await_genuine back "$LAB/mail"

# -- a crowd, while nobody answers
forget
dns_is silent
courier crowd -n 80 -c 40 "$LAB/mail"
tap_is 'eighty mails while nobody answers: all have an answer' "$(wc -l <"$LAB/answers.crowd")" 80
tap_is 'none is genuine' "$(words crowd genuine)" 0
tap_is 'none is refused or put off' "$(($(words crowd defer) + $(words crowd broken)))" 0
well
tap_ok 'well again, genuine' await_genuine crowd.back "$LAB/mail"
tap_is 'the resolver is the same' "$(part resolver)" "$resolver"
tap_is 'so is the listener' "$(grep -c 'keepname-listener died' "$log" || true)" 0
tap_is 'no judge died' "$(grep -c 'a judge was ended' "$log" || true)" 0
tap_is 'no boosted message lacks its record' "$(unrecorded)" ''
tap_end
