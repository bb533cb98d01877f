#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What opens something is neither stored nor logged nor shown: mails of every verdict carry a mark in links,
# codes and subjects, in every encoding; then it is looked for in all that the daemon and each command wrote.
# And what is written is for its owner and group alone, but for what is meant for others.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
# shellcheck source=tests/faults/site.sh
. "$srcdir/tests/faults/site.sh"

faults_lab 29
lab_publish registrar white garden.example

# The mark, SeKret, and the code 918273; as they stand, by per cent, quoted-printable, base64 (its three
# offsets), as digits in hexadecimal, and with marks of punctuation between.
forms='sekret|%53%65%4b%72|%53e%4bret|=53=65=4B|=53e=4Bret|U2VLcmV0|NlS3JldA|TZUtyZX|53654b726574|918273|918-273|918 273'
# marked FILE: how many lines of it have the mark in any form
marked() { { cat "$@" | tr -d '\000' | grep -aciE "$forms"; } || true; }

as_plain() { registrar_mail --unsigned | sed 's,trigger=[0-9a-f]*,trigger=SeKretPlain1111zzzz,'; }
# One text of all, as quoted-printable with soft breaks in the midst.
body() {
	cat <<-'END'
		Dear domain owner,

		please follow this link to validate your email address for the domain example.com:

		https://www.emailverification.info/?trigger=SeKretPlain2222&email=3Downer@example.com
		https://www.emailverification.info/verify/SeKretPa=
		th3333/x?a=3D%53%65%4b%72%65%74Percent1a2b3c#SeKretFragment1a2b3c
		https://SeKretUser:SeKretPassword@www.emailverification.info/
		https://hostmark7f3a9b2c1d4e.emailverification.info/?t=3D=53e=4Bret4444
		www.emailverification.info/confirm/%53e%4bret5555
		Your verification code is 918273, or 918-273, or 918 273, or SeKretCode6666.
	END
}
as_quoted() {
	printf 'From: Domain Services <noreply@%s>\nTo: owner@example.com\n' "$REGISTRAR"
	printf 'Subject: =?utf-8?b?%s?=\n' "$(printf 'Request for email address validation https://x.example/SeKretLink1a2b/%s code 918-273 SeKret5S5e5K' 1 | base64 -w 0)"
	printf 'Date: %s\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n' "$(LC_ALL=C date -R)"
	printf 'Content-Transfer-Encoding: quoted-printable\n\n'
	body
}
as_html() {
	printf 'From: Domain Services <noreply@%s>\nTo: owner@example.com\nSubject: Request for email address validation\n' "$REGISTRAR"
	printf 'Date: %s\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n' "$(LC_ALL=C date -R)"
	printf 'Content-Transfer-Encoding: base64\n\n'
	printf '<p>Please verify your email address for the domain example.com: <a href="https://www.emailverification.info/?trigger=SeKretHtml7777&amp;email=o">https://other.example/SeKretShown8888</a> <a href="https://other.example/raa/SeKretPath9999AbCdEfGhIj/y">link</a> code %s</p>' 918273 | base64 -w 72
	echo
}
signed() { lab_sign registrar "$1" "$2" -h From:To:Subject:Date:MIME-Version:Content-Type; }
for form in plain quoted html; do
	"as_$form" >"$LAB/$form.unproven"
	signed demo "$REGISTRAR" <"$LAB/$form.unproven" >"$LAB/$form.signed"
	sed "s/noreply@$REGISTRAR/verify@garden.example/" "$LAB/$form.unproven" | signed white garden.example >"$LAB/$form.unlisted"
	sed "s/noreply@$REGISTRAR/noreply@emailverification-info.example/" "$LAB/$form.unproven" >"$LAB/$form.lookalike"
done
tap_ok 'the mails have what is looked for' test "$(marked "$LAB"/*.signed)" -ge 9

mkdir -m 755 "$LAB/metrics"
mkdir -m 750 "$LAB/backups"
cat >"$LAB/bin/sendmail" <<-END
	#!/bin/sh
	cat >>"$LAB/sent"
END
chmod 755 "$LAB/bin/sendmail"
umask 022
lab_keepname_conf 'log_level = debug' "sendmail = \"$LAB/bin/sendmail\"" 'digest_to = "admin@example.com"' \
	"metrics_file = \"$LAB/metrics/keepname.prom\"" "backup_to = \"$LAB/backups\"" "pid_file = \"$LAB/keepname/pid\""
lab_keepname_start
for form in plain quoted html; do
	for kind in signed unproven unlisted lookalike; do
		printf '%s.%s: %s\n' "$form" "$kind" "$(one_word "$form.$kind" "$LAB/$form.$kind")"
	done
done >"$LAB/words"
tap_note "$(<"$LAB/words")"
for verdict in genuine known unproven unlisted; do
	tap_ok "among their verdicts is $verdict" grep -q ": $verdict\$" "$LAB/words"
done

# -- with the database locked, into the spool
mkfifo "$LAB/locker"
exec {locker}<>"$LAB/locker"
sqlite3 -bail "$LAB/keepname/keepname.db" <"$LAB/locker" >"$LAB/log/locker" 2>&1 &
locker_pid=$!
lab_remember "$locker_pid"
printf 'BEGIN EXCLUSIVE;\n.print locked\n' >&"$locker"
lab_await -p "$locker_pid" text "$LAB/log/locker" locked
tap_is 'into the spool' "$(one_word spooled "$LAB/plain.signed") $(grep -c 'stored=spool' "$LAB/log/keepname.log")" 'genuine 1'
tap_is 'the spool has no mark' "$(marked "$LAB"/keepname/spool/*)" 0
printf 'COMMIT;\n.quit\n' >&"$locker"
wait "$locker_pid"
lab_forget "$locker_pid"
exec {locker}>&-
lab_await -p "$LAB_KEEPNAME_PID" -t 30 text "$LAB/log/keepname.log" replayed

# -- each command
mkdir "$LAB/out" "$LAB/Maildir" "$LAB/Maildir/"{cur,new,tmp}
for form in plain quoted html; do cp "$LAB/$form.signed" "$LAB/Maildir/cur/1.$form.host:2,"; done
says() { # NAME ARGUMENT...: what it says has no mark; nor has what it says as JSON
	local name=$1
	shift
	lab_keepname "$@" >"$LAB/out/$name" 2>&1 || true
	lab_keepname --json "$@" >"$LAB/out/$name.json" 2>&1 || true
	tap_is "$*: no mark" "$(marked "$LAB/out/$name" "$LAB/out/$name.json")" 0
	[[ -s $LAB/out/$name ]] || tap_note "$* says nothing"
}
says pending pending
says show show 1
says suggestions senders suggestions
says stats stats
says digest digest
says calendar calendar
says report report
says export export
says doctor doctor
for form in plain quoted html; do
	lab_keepname check "$LAB/$form.signed" >"$LAB/out/check.$form" 2>&1 || true
	lab_keepname --json check "$LAB/$form.signed" >>"$LAB/out/check.$form" 2>&1 || true
	lab_keepname redact "$LAB/$form.signed" >"$LAB/out/redact.$form" 2>&1 || true
done
tap_is 'check' "$(marked "$LAB"/out/check.*)" 0
tap_is 'redact' "$(marked "$LAB"/out/redact.*)" 0
says scan scan "$LAB/Maildir"
lab_keepname scan --record "$LAB/Maildir" >"$LAB/out/scan.record" 2>&1 || true
tap_is 'scan --record' "$(marked "$LAB/out/scan.record")" 0
lab_keepname digest --due >"$LAB/out/due" 2>&1 || true
tap_ok 'the digest was mailed' test -s "$LAB/sent"
tap_is 'without a mark' "$(marked "$LAB/sent" "$LAB/out/due")" 0
tap_ok 'figures were written' test -s "$LAB/metrics/keepname.prom"
tap_ok 'a backup is made' lab_keepname backup
tap_is 'database, its log, figures, backups: no mark' \
	"$(find "$LAB/keepname" "$LAB/metrics" "$LAB/backups" -type f -print0 | xargs -0 cat | marked -)" 0
tap_is 'nor what stands in the name of a host, which check and scan show' \
	"$(cat "$LAB"/keepname/{keepname.db*,spool/*} "$LAB"/backups/* "$LAB/sent" "$LAB"/out/{pending,show,suggestions,digest,calendar,report,export}* "$LAB/log/keepname.log" | grep -ac hostmark || true)" 0
tap_is 'nor in the daemon'\''s log, which tells all' "$(marked "$LAB/log/keepname.log")" 0

# -- who may read what was written
modes() { find "$LAB/keepname" "$LAB/backups" -mindepth 1 ! -name keepname.conf ! -name pid ! -type s -printf '%m %P\n' | awk '$1 % 10 != 0'; }
tap_is 'all that is the daemon'\''s, but its pid, is closed to others' "$(modes)" ''
tap_is 'but the figures, which others read' "$(stat -c %a "$LAB/metrics/keepname.prom")" 644
tap_end
