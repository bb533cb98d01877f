#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The pieces for Dovecot, with keepname in front of Postfix and a site that tags whatever it sees (X-Spam: Yes
# on every mail, as a filter that was told nothing would do to registrars' mail). Where a mail lands and how
# it is marked, with either script, between the site's own scripts and the user's.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
setup=$srcdir/packaging/setup/dovecot
before=$setup/sieve/before.d

reason=$(lab_dovecot_missing)
[[ -z $reason ]] || tap_skip_all "$reason"
reason=$(lab_missing)
[[ -z $reason ]] || tap_skip_all "$reason"
tap_plan 34

# The site's Junk rule with our guard after its require, as the page on Dovecot tells to put it there.
guarded_junk() {
	lab_dovecot_junk "$1"
	awk -v guard="$setup/sieve/keepname-guard.sieve" '{ print } /^require/ { while ((getline line <guard) > 0) print line }' \
		"$LAB/dovecot/etc/sieve/before.d/$1" | lab_dovecot_sieve "$1"
}
unscript() { rm -f "$LAB"/dovecot/etc/sieve/{before,after}.d/*; }

# What users' scripts have sent since it was asked last: Rejected, Auto (a vacation).
sent() {
	cat "$LAB"/dovecot/sent/* 2>/dev/null | sed -n 's/^Subject: \(Rejected\|Auto\).*/\1/p' | sort -r | xargs
	rm -f "$LAB"/dovecot/sent/*
}

# Where a message lands: "FOLDER FLAGS", or "nowhere". $1: as whose mail (new: nobody's script).
lands() {
	local to=$1 client=$REGISTRAR_IP
	shift
	[[ $1 != not_ours ]] || client=$EDGE
	{ printf 'X-Spam: Yes\n'; "$@"; } >"$LAB/message"
	lab_dovecot_deliver --from "bounce@$REGISTRAR" --ip "$client" --to "$to@example.com" "$LAB/message" 2>>"$LAB/log/lands" || true
	[[ $LAB_MAIL ]] || { echo nowhere && return; }
	echo "$LAB_FOLDER $(lab_mail_flags "$LAB_MAIL")"
}
EDGE=192.0.2.77 # a server of ours
plain() { lab_fill "$srcdir/tests/lab/plain.eml"; }
forged() { registrar_mail --unsigned; }
# As a server of ours marks it, which keepname believes: the verdict of a list of domains that are not ours.
not_ours() { printf 'X-Keepname: genuine; class=verification; ours=no; by=mx.lab.test\n'; plain; }
infected() { printf 'X-Virus: Eicar-Test-Signature\n'; registrar_mail; }

lab_begin
registrar_dns
lab_dns_start
lab_keepname_conf "trusted_networks = {\"$EDGE\"}"
lab_keepname_start
lab_dovecot_start
lab_postfix_start --milter "$(lab_keepname_milter)" --set "$(lab_dovecot_transport)"

lab_dovecot_user_sieve files@example.com <<'END'
require ["fileinto", "mailbox"];
if header :contains "Subject" "email address validation" { fileinto :create "Registrars"; }
END
lab_dovecot_user_sieve rejects@example.com <<'END'
require ["reject"];
reject "no mail about domains";
END
lab_dovecot_user_sieve away@example.com <<'END'
require ["vacation"];
vacation :days 7 :addresses ["away@example.com", "owner@example.com"] "I am away";
END
lab_dovecot_user_sieve junks@example.com <<'END'
require ["fileinto", "mailbox"];
if header "X-Spam" "Yes" { fileinto :create "Junk"; }
END

# $1: the set-up; stdin: a line "USER MAIL|FOLDER FLAGS" each.
check() {
	local name=$1 row user mail want
	while IFS='|' read -r row want; do
		read -r user mail <<<"$row"
		tap_is "$name: $mail of $user" "$(lands "$user" "$mail")" "$want"
	done
}

for script in "$before"/*.sieve "$setup"/sieve/*.sieve; do
	tap_ok "${script##*/} compiles" lab_dovecot_sieve "${script##*/}" <"$script"
done
unscript

lab_dovecot_junk
check 'without' <<'END'
new registrar_mail|Junk 
new plain|Junk 
END

# The guard lets genuine mail past the site's own rule; what users do stands.
unscript
lab_dovecot_sieve 10-keepname.sieve <"$before/10-keepname.sieve"
lab_dovecot_junk
check 'flag alone' <<'END'
new registrar_mail|Junk \Flagged $Important
END
guarded_junk 50-spam.sieve
check 'flag, guarded' <<'END'
new registrar_mail|INBOX \Flagged $Important
new plain|Junk 
new forged|Junk 
new infected|Junk 
new not_ours|Junk 
files registrar_mail|Registrars \Flagged $Important
files forged|Junk 
rejects registrar_mail|nowhere
away registrar_mail|INBOX \Flagged $Important
junks registrar_mail|Junk \Flagged $Important
END
tap_is 'flag: the rejection and the vacation are sent' "$(sent)" 'Rejected Auto'

# Without the guard: the site's rule after ours never sees the mail, nor does the user's script.
unscript
lab_dovecot_sieve 10-keepname-inbox.sieve <"$before/10-keepname-inbox.sieve"
lab_dovecot_junk
check 'inbox' <<'END'
new registrar_mail|INBOX \Flagged $Important
new plain|Junk 
new forged|Junk 
new infected|Junk 
new not_ours|Junk 
files registrar_mail|INBOX \Flagged $Important
rejects registrar_mail|INBOX \Flagged $Important
away registrar_mail|INBOX \Flagged $Important
junks registrar_mail|INBOX \Flagged $Important
END
tap_is 'inbox: nothing is sent' "$(sent)" ''

# A rule of the site that comes first wins: its name must sort after ours.
lab_dovecot_junk 05-spam.sieve
check 'inbox, after the rule' <<'END'
new registrar_mail|Junk 
END
guarded_junk 05-spam.sieve
check 'inbox, after the guarded rule' <<'END'
new registrar_mail|INBOX \Flagged $Important
END

# The fragment by itself, and over a site that has said the same.
lab_dovecot_piece "$setup/conf.d/90-sieve.conf" >"$LAB/dovecot/etc/conf.d/90-sieve.conf"
unscript
lab_dovecot_sieve 10-keepname.sieve <"$before/10-keepname.sieve"
for bare in --bare ''; do
	lab_dovecot_stop
	tap_ok "Dovecot starts with 90-sieve.conf ${bare:-and the same set before}" lab_dovecot_start $bare "$LAB/dovecot/etc/conf.d/90-sieve.conf"
	tap_is 'and the script runs' "$(lands new registrar_mail)" 'INBOX \Flagged $Important'
done
tap_is 'Dovecot has nothing to complain of' "$(grep -E 'Error|Warning|Fatal' "$LAB/log/dovecot.log" | grep -v 'Killed with signal 15' || true)" ''
tap_end
