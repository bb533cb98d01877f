#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The lab itself, without keepname: a signed mail goes by SMTP through the lab's Postfix, with Debian's
# opendkim as its milter, which fetches the key from the lab's DNS. So when a wire test fails, and this
# one does not, the servers around keepname are not at fault.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"

reason=$(lab_missing)
[[ -z $reason ]] || tap_skip_all "$reason"
command -v opendkim >/dev/null || tap_skip_all "opendkim is not installed (scripts/install-deps --tests)"
tap_plan 24

# opendkim asks our DNS by libunbound's own configuration.
start_opendkim() {
	cat >"$LAB/opendkim.unbound" <<-END
		server:
		  module-config: "iterator"
		  do-not-query-localhost: no
		forward-zone:
		  name: "."
		  forward-addr: 127.0.0.1@$LAB_DNS_PORT
	END
	cat >"$LAB/opendkim.conf" <<-END
		Mode v
		Syslog no
		Socket local:$1
		ResolverConfiguration $LAB/opendkim.unbound
		AlwaysAddARHeader yes
		AuthservID mx.lab.test
		UMask 000
	END
	rm -f "$1"
	lab_spawn opendkim opendkim -f -x "$LAB/opendkim.conf"
	opendkim=$LAB_PID
	lab_await -p "$opendkim" connect "$1"
}

# What opendkim found, as the delivered mail says it.
judged() { lab_header "$LAB_MAIL" Authentication-Results | head -n 1; }

lab_begin
lab_key good
lab_key other
lab_key edwards ed25519
lab_publish good s1 sender.example
lab_publish edwards ed sender.example
lab_publish good s2 keys.example
lab_dns 's2._domainkey.sender.example. 5 IN CNAME s2._domainkey.keys.example.'
lab_fill "$srcdir/tests/lab/plain.eml" >"$LAB/plain"

tap_ok 'DNS starts' lab_dns_start
tap_ok 'opendkim starts' start_opendkim "$LAB/opendkim.sock"
tap_ok 'Postfix starts' lab_postfix_start --milter "unix:$LAB/opendkim.sock"

lab_sign good s1 sender.example -o From:Subject <"$LAB/plain" >"$LAB/signed"
tap_ok 'a signed mail is delivered' lab_deliver --from somebody@sender.example "$LAB/signed"
tap_like 'its signature is good' "$(judged)" 'dkim=pass .*header.d=sender.example'
tap_is 'it says its recipient' "$(lab_header "$LAB_MAIL" Delivered-To)" owner@example.com
tap_is 'its text is what was sent' "$(sed '1,/^$/d' "$LAB_MAIL")" "$(sed '1,/^$/d' "$LAB/plain")"
tap_is 'its blanks are what was sent' "$(grep '^Subject' "$LAB_MAIL")" 'Subject: Lunch   on Friday'

lab_sign edwards ed sender.example -c simple/simple <"$LAB/plain" >"$LAB/signed"
lab_deliver "$LAB/signed"
tap_like 'Ed25519, simple canonicalisation' "$(judged)" 'dkim=pass .*ed25519'

lab_sign good s2 sender.example <"$LAB/plain" >"$LAB/signed"
lab_deliver "$LAB/signed"
tap_like 'a key behind a CNAME' "$(judged)" 'dkim=pass'

lab_sign good s1 sender.example --break body <"$LAB/plain" >"$LAB/signed"
lab_deliver "$LAB/signed"
tap_like 'a changed body is found out' "$(judged)" 'dkim=fail'

lab_sign other s1 sender.example <"$LAB/plain" >"$LAB/signed"
lab_deliver "$LAB/signed"
tap_like 'a wrong key is found out' "$(judged)" 'dkim=fail'

lab_sign good later sender.example <"$LAB/plain" >"$LAB/signed"
lab_deliver "$LAB/signed"
tap_like 'a key that is not there is known not to be there' "$(judged)" 'dkim=fail reason="key not found'
lab_publish good later sender.example
lab_kill "$opendkim"
start_opendkim "$LAB/opendkim.sock"
lab_deliver "$LAB/signed"
tap_like 'records can be added while DNS runs' "$(judged)" 'dkim=pass'

lab_deliver --ip 192.0.2.7 --to a@example.net --to b@inbox.test "$LAB/plain"
tap_is 'two recipients, two copies' "${#LAB_MAILS[@]}" 2
tap_like 'the client has the address that was asked for' "$(lab_header "$LAB_MAIL" Received | head -n 1)" '\[192\.0\.2\.7\]'

tap_ok 'three messages over one connection' lab_connection a@sender.example b@example.com \
	"$LAB/plain" "$LAB/signed" "$LAB/plain"
tap_is 'each has a queue id' "${#LAB_QUEUE_IDS[@]}" 3
tap_ok 'the second is delivered' lab_await_mail "${LAB_QUEUE_IDS[1]-}"

tap_ok 'a DNS that fails starts' lab_baddns servfail
lab_stop "$LAB_BADDNS_PID"

lab_postfix_stop
lab_kill "$opendkim"
start_opendkim "$LAB/postfix/queue/opendkim.sock"
tap_ok 'Postfix starts again, chrooted' lab_postfix_start --chroot --milter unix:/opendkim.sock
lab_sign good s1 sender.example <"$LAB/plain" >"$LAB/signed"
lab_deliver "$LAB/signed"
tap_like 'from its chroot it reaches a milter' "$(judged)" 'dkim=pass'

# What lab_end leaves: nothing.
folder=$LAB pids=("${lab_pids[@]}") group=$lab_postfix_master
lab_kill "$opendkim"
lab_end
alive=$(ps -o pid=,args= -p "$(IFS=,; echo "${pids[*]}")" | grep -v defunct || true)
tap_is 'every process has ended' "$alive$(pgrep -r D,R,S,T -g "$group" || true)" ''
tap_fails 'the folder is gone' test -e "$folder"
tap_end
