#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The pieces for rspamd: its own milter after keepname in a real Postfix, then Dovecot with the site's Junk
# rule and the pieces for it. The site scores a phrase of phish: after a wave of mails that asked its users to
# "validate your email address" by a link, it gave that phrase some points, and the registrar writes the same.
# It tags and hardly rejects (reject = 30), scans for viruses, and forces an action on a mailer that it bans.
#
# The same three mails, without keepname and its pieces and then with them: genuine, forged, lookalike. Then
# what must not be gained, and what must win over genuine.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
setup=$srcdir/packaging/setup

for missing in lab_missing lab_dovecot_missing lab_rspamd_missing lab_clamd_missing; do
	reason=$($missing)
	[[ -z $reason ]] || tap_skip_all "$reason"
done
tap_plan 44

ELSEWHERE=198.51.100.66
EICAR='X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'
GTUBE='XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X'

site_rspamd() {
	echo 'reject = 30;' | lab_rspamd_local local.d/actions.conf
	echo '/validate your email address/i' | lab_rspamd_local local.d/maps.d/site_phish.map
	lab_rspamd_local local.d/multimap.conf <<-'END'
		SITE_PHISH_PHRASE {
		  type = "content";
		  filter = "text";
		  regexp = true;
		  map = "$LOCAL_CONFDIR/local.d/maps.d/site_phish.map";
		  score = 7.0;
		}
		SITE_BANNED_MAILER {
		  type = "header";
		  header = "X-Mailer";
		  regexp = true;
		  map = ["/^Bulk Cannon/"];
		  score = 0.0;
		}
	END
	lab_rspamd_local local.d/force_actions.conf <<-'END'
		rules {
		  SITE_BANNED {
		    action = "add header";
		    expression = "SITE_BANNED_MAILER";
		  }
		}
	END
	lab_rspamd_local local.d/antivirus.conf <<-END
		clamav {
		  type = "clamav";
		  action = "reject";
		  symbol = "CLAM_VIRUS";
		  scan_mime_parts = false;
		  servers = "$LAB_CLAMD_SOCKET";
		}
	END
}

# ---- the mails ------------------------------------------------------------------------------------

genuine() { registrar_mail; }
forged() { lab_fill "$srcdir/tests/lab/forgery.eml" TOKEN=0 | grep -v '^X-Keepname'; }
lookalike() { registrar_mail --unsigned | sed 's/noreply@emailverification\.info/noreply@ernailverification.info/'; }
unproven() { registrar_mail --unsigned | sed 's/noreply@emailverification.info/noreply@registrar.amazon/'; }
with_text() { { registrar_mail --unsigned && printf '%s\n' "$1"; } | lab_sign registrar demo "$REGISTRAR"; }
ordinary() { lab_fill "$srcdir/tests/lab/plain.eml"; }

# take CLIENT SENDER MAIL...: sends what the command MAIL prints. Sets folder, flags, score, spam (X-Spam).
take() {
	local client=$1 from=$2
	shift 2
	"$@" >"$LAB/message"
	folder='' flags='' score='' spam=''
	lab_dovecot_deliver --from "$from" --ip "$client" "$LAB/message" || return 1
	folder=$LAB_FOLDER flags=$(lab_mail_flags "$LAB_MAIL")
	score=$(lab_rspamd_score "$LAB_MAIL") spam=$(lab_header "$LAB_MAIL" X-Spam)
}
take_genuine() { take "$REGISTRAR_IP" "bounce@$REGISTRAR" "${@-genuine}"; }
take_forged() { take "$ELSEWHERE" bounce@shop-login.example "${@-forged}"; }
take_lookalike() { take "$ELSEWHERE" bounce@ernailverification.info lookalike; }
take_ordinary() { take "$ELSEWHERE" somebody@sender.example ordinary; }
marked() { verdict_of "$LAB_MAIL"; }
symbols() { lab_rspamd_symbols "$LAB_MAIL" | grep '^KEEPNAME_' | xargs; }
more() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a > b) }'; }
# What the last message got from Postfix, where it was not accepted.
answer() { tail -n 20 "$LAB/log/smtp.log" | grep -E '^<\*\* ' | tail -n 1; }

# ---- without --------------------------------------------------------------------------------------

lab_begin
registrar_dns
lab_dns_start
lab_clamd_start
site_rspamd
lab_dovecot_junk
lab_dovecot_start
tap_ok 'rspamd starts as the site has it' lab_rspamd_start
lab_postfix_start --milter "$(lab_rspamd_milter)" --set "$(lab_dovecot_transport)"

take_genuine
tap_is 'without: the genuine mail is tagged and in Junk' "$spam $folder" 'Yes Junk'
take_forged
without_forged=$score
tap_is 'its forged twin too' "$spam $folder" 'Yes Junk'
take_lookalike
without_lookalike=$score
tap_is 'and the lookalike' "$spam $folder" 'Yes Junk'

take_ordinary
without_ordinary="$folder $score"

# ---- with -----------------------------------------------------------------------------------------

lab_postfix_stop
lab_rspamd_stop
lab_rspamd_piece "$setup/rspamd"
tap_ok 'the pieces pass rspamadm configtest' lab_rspamd_configtest
lab_rspamd_start
lab_keepname_start
lab_dovecot_sieve 10-keepname.sieve <"$setup/dovecot/sieve/before.d/10-keepname.sieve"
cp "$srcdir/packaging/setup/postfix/keepname-header_checks" "$LAB/postfix/etc/keepname-header_checks"
lab_postfix_start --milter "$(lab_keepname_milter)" --milter "$(lab_rspamd_milter)" \
	--submission "$(lab_rspamd_milter)" --set "$(lab_dovecot_transport)" \
	--set "header_checks = regexp:$LAB/postfix/etc/keepname-header_checks"

take_genuine
tap_is 'with: the genuine mail is untagged, in the inbox, flagged' "$spam|$folder|$flags" '|INBOX|\Flagged $Important'
tap_is 'rspamd counts it' "$(symbols)" 'KEEPNAME_GENUINE 0.00'
tap_ok 'and scored it as ever: by that score it would be spam' more "$score" 6
take_forged
tap_is 'the forged twin is tagged and in Junk, unflagged' "$(marked)|$spam|$folder|$flags" 'forged|Yes|Junk|'
tap_ok "it has more points than without ($without_forged, now $score)" more "$score" "$without_forged"
take_lookalike
tap_is 'the lookalike likewise' "$(marked)|$spam|$folder|$flags" 'lookalike|Yes|Junk|'
tap_ok "it has more points than without ($without_lookalike, now $score)" more "$score" "$without_lookalike"
take_ordinary
tap_is 'an ordinary mail is as before' "$(marked)|$folder $score|$flags|$(symbols)" "none|$without_ordinary||"
take "$ELSEWHERE" "bounce@$REGISTRAR" unproven
tap_is 'unproven is counted and gains nothing' "$(marked)|$spam|$(symbols)" 'unproven|Yes|KEEPNAME_UNPROVEN 0.00'

# ---- what wins over genuine -------------------------------------------------------------------------

tap_fails 'a virus in genuine mail' take_genuine with_text "$EICAR"
tap_like 'is rejected' "$(answer)" '554 .*virus found'
tap_is 'though keepname says genuine' "$(grep -c 'verdict=genuine' "$LAB/log/keepname.log")" 2
tap_fails 'and so is the pattern of unwanted mail' take_genuine with_text "$GTUBE"
tap_like 'by rspamd' "$(answer)" '554 .*Gtube'
banned() { printf 'X-Mailer: Bulk Cannon 2\n' && genuine; }
take_genuine banned
tap_is 'an action that the site forces tags it; the flag stays' "$(marked)|$spam|$folder" 'genuine|Yes|Junk'

# ---- what gains nothing -----------------------------------------------------------------------------

claims() { printf 'X-Keepname: genuine; class=verification; ours=yes; by=mx.lab.test\n' && "$@"; }
take_forged claims forged
tap_is 'a forged X-Keepname, keepname up' "$(marked)|$spam|$folder|$flags" 'forged|Yes|Junk|'
submit() { LAB_SMTP_PORT=$LAB_SUBMISSION_PORT take "$@"; }
submit 127.0.0.1 owner@example.com claims ordinary
tap_is 'mail of our own users is left alone' "$(marked)|$folder|$flags|$(symbols)" 'none|INBOX||'

# The action and our symbols for the registrar's mail with this X-Keepname, without Postfix.
answers() {
	{ printf 'X-Keepname: %s\n' "$1" && genuine; } >"$LAB/message"
	lab_rspamc -i "$REGISTRAR_IP" -F "bounce@$REGISTRAR" "$LAB/message" |
		jq -r '"\(.action)|\([.symbols[].name | select(startswith("KEEPNAME_"))] | join(" "))"'
}
tap_is 'ours=no' "$(answers 'genuine; class=verification; ours=no; by=mx.lab.test')" 'add header|'
tap_is 'ours=yes does' "$(answers 'genuine; class=verification; ours=yes; by=mx.lab.test')" 'no action|KEEPNAME_GENUINE'
tap_is 'a folded header does' "$(answers $'genuine; class=verification;\n\tours=unset; by=mx.lab.test')" 'no action|KEEPNAME_GENUINE'
tap_is 'known is not genuine' "$(answers 'known; reason=links; class=verification; ours=yes')" 'add header|'
tap_is 'nor is what only begins so' "$(answers 'genuinely; ours=yes')" 'add header|'
tap_is 'nor what only ends so' "$(answers 'unproven; genuine; ours=yes')" 'add header|KEEPNAME_UNPROVEN'

# ---- keepname is not there ----------------------------------------------------------------------------

# What Postfix waits for is what we ship: default_action=accept and three time-outs.
tap_is 'the time-outs of the lab are those that we ship' \
	"$(grep -o 'default_action=accept, .*' "$srcdir/packaging/setup/postfix/main.cf")" "$(lab_postfix_milter x | grep -o 'default_action=.*')"

# $1: what befell keepname; $2: what Postfix says of it. One mail: the registrar's, with a claim of its own.
without_keepname() {
	local lines
	lines=$(wc -l <"$LAB/log/postfix.log")
	take_genuine claims genuine
	tap_is "$1: genuine mail arrives as without keepname, its claim gone" "$(marked)|$spam|$folder|$flags|$(symbols)" 'none|Yes|Junk||'
	tap_like "$1: Postfix went on without" "$(tail -n "+$((lines + 1))" "$LAB/log/postfix.log" | grep 'keepname/milter.sock')" "$2"
}
kill -STOP -- "-$LAB_KEEPNAME_PID"
without_keepname frozen 'read error in initial handshake'
kill -CONT -- "-$LAB_KEEPNAME_PID"
lab_await -p "$LAB_KEEPNAME_PID" connect "$LAB_SOCKET"
take_genuine
tap_is 'thawed: genuine mail is rescued again' "$(marked)|$spam|$folder" 'genuine||INBOX'
kill -KILL -- "-$LAB_KEEPNAME_PID"
lab_forget "$LAB_KEEPNAME_PID"
lab_await end "$LAB_KEEPNAME_PID"
without_keepname killed 'Connection refused'
lab_keepname_start
lab_keepname_stop
without_keepname stopped 'No such file or directory'

# ---- greylisting and learning ------------------------------------------------------------------------------------

# With Redis, rspamd tells tagged mail to come again later. One recipient's rule shadows ours (one rule of
# settings applies, the highest first): there only the symbol keeps genuine mail from being greylisted.
lab_rspamd_stop
lab_redis_start
printf 'servers = "%s";\n' "$LAB/rspamd/redis.sock" | lab_rspamd_local local.d/redis.conf
lab_rspamd_local local.d/settings.conf <<-'END'
	site_vip {
	  priority = 20;
	  rcpt = "vip@example.com";
	  apply {
	    actions { reject = 30; "add header" = 29; greylist = 2; }
	  }
	}
END
# The site lets Bayes learn by score.
echo 'autolearn = [-5, 10];' | lab_rspamd_local local.d/classifier-bayes.conf
lab_rspamd_start
lab_keepname_start
tap_fails 'greylisting: the lookalike' take_lookalike
tap_like 'is told to come again' "$(answer)" '451 .*Try again later'
take_genuine
tap_is 'genuine mail is not, though its body is that of the lookalike' "$(marked)|$folder|$flags" 'genuine|INBOX|\Flagged $Important'
tap_ok 'Bayes would have learnt it as spam' lab_await text "$LAB/log/rspamd.log" 'autolearn spam'
tap_ok 'and is held back' lab_await text "$LAB/log/rspamd.log" 'returned: proved genuine by keepname'
take_vip() {
	"$@" >"$LAB/message"
	lab_dovecot_deliver --from "bounce@$REGISTRAR" --ip "$REGISTRAR_IP" --to vip@example.com "$LAB/message"
}
tap_ok 'nor where another rule sets the thresholds' take_vip with_text 'A body of its own.'
tap_is 'which it does' "$(lab_header "$LAB_MAIL" X-Spamd-Result | grep -o '/ 3[0-9.]*\]')" '/ 30.00]'
registrar_mail --unsigned | sed '$a\
Another body.' >"$LAB/other"
tap_fails 'there, too, unproven mail is told to come again' take_vip sed 's/noreply@emailverification.info/noreply@registrar.amazon/' "$LAB/other"
tap_end
