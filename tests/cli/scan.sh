#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# keepname scan: mailboxes of every kind, compressed mail, what is recorded and what is not, and that
# the mailbox is left as it was.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
# shellcheck source=tests/cli/site.sh
. "$srcdir/tests/cli/site.sh"
# shellcheck source=tests/cli/mailbox.sh
. "$srcdir/tests/cli/mailbox.sh"

for program in unbound unbound-control gzip bzip2 xz zstd; do
	command -v "$program" >/dev/null || tap_skip_all "$program is not installed (scripts/install-deps --tests)"
done
site_begin 101
site_dns

# -- a Maildir
box=$LAB/Maildir
maildir "$box"
maildir "$box/.Junk"
maildir "$box/.[Gmail].Spam"
maildir "$box/sub/deeper"
registrar_mail | delivered "$box/cur/$now.M1P1.host:2,S"
registrar_mail | delivered "$box/.Junk/new/$now.M2P1.host"
registrar_mail --unsigned | delivered "$box/.[Gmail].Spam/cur/$now.M3P1.host:2,"
registrar_mail | delivered "$box/sub/deeper/cur/$now.M4P1.host:2,"
lab_fill "$srcdir/tests/lab/plain.eml" >"$box/cur/$now.M5P1.host:2,"
registrar_mail | delivered "$box/tmp/$now.M6P1.host"
echo 3 V1 >"$box/dovecot-uidlist"
watch_tree "$box"
exits 'a Maildir' 1 scan --json "$box"
tap_is 'the mailbox is left as it was, times too' "$(tree_now)" "$tree_before"
tap_is 'its folders, junk too, and nothing of tmp' "$(found)" \
	'3 genuine wanted open, 1 unproven wanted review'
tap_is 'counts' "$(summary '[.finished, .files, .mails, .judged, .found, .open, .review, .known, .recorded]')" \
	'[true,5,5,4,4,3,1,0,false]'
tap_is 'nothing on standard error' "$err" ''
tap_fails 'no database is made' test -e "$site_database"
tap_is 'keys of a mail' "$(jq -r 'select(.type == "mail") | keys | join(" ")' "$LAB/out" | sort -u)" \
	'class days_left deadline deadline_source delivered delivered_by domains fate file from keys_gone message_id number ours pending proof reasons recipient registrar sender subject type unjudged verdict'
tap_is 'of a genuine one' "$(jq -c 'select(.verdict == "genuine") | [.class, .registrar, .sender, .from, .domains, .days_left, .recipient, .proof, .delivered_by, .reasons]' "$LAB/out" | sort -u)" \
	'["verification","Key-Systems GmbH","key-systems","noreply@emailverification.info",["example.com"],14,"owner@example.com","dkim:emailverification.info","maildir",[]]'
exits 'as text' 1 scan "$box"
tap_like 'a line with what it is' "$out" 'genuine  verification  example\.com  in 14 days \([0-9-]+\)  owner@example\.com  \[not recorded yet\]'
tap_like 'and where it is and why' "$out" "    $box/cur/$now.M1P1.host:2,S: dkim:emailverification.info"
tap_like 'and counts' "$out" '5 mails in 5 files, 4 found'
tap_unlike 'no colours, no progress where no terminal is' "$out$err" $'[\033\r]'
exits 'one mail of it' 1 scan --json "$box/cur/$now.M1P1.host:2,S"
tap_is 'is found' "$(found)" '1 genuine wanted open'
exits 'its cur alone' 1 scan --json "$box/cur"
tap_is 'is read as such' "$(jq -r 'select(.type == "mail") | .delivered_by' "$LAB/out")" maildir
exits 'two paths' 1 scan --json "$box/.Junk" "$box/sub"
tap_is 'are both read' "$(found)" '2 genuine wanted open'
maildir "$LAB/Empty"
exits 'an empty one' 0 scan --json "$LAB/Empty"
tap_is 'has nothing' "$(summary '[.files, .found]')" '[0,0]'

# -- compressed, whatever the names
box=$LAB/Compressed
maildir "$box"
n=0
for how in gzip bzip2 xz lzma 'zstd -q'; do
	n=$((n + 1))
	registrar_mail | delivered "$LAB/mail"
	$how <"$LAB/mail" >"$box/cur/$now.M${n}P1.host,S=1:2,SZ"
done
registrar_mail | delivered "$LAB/mail"
{ head -c 700 "$LAB/mail" | gzip; tail -c +701 "$LAB/mail" | gzip; head -c 512 /dev/zero; } >"$box/cur/$now.M6P1.host:2,"
gzip <"$LAB/mail" | head -c 600 >"$box/cur/$now.M7P1.host:2,"
printf 'Dovecot-LZ4\r*\233\305xxxxxxxx' >"$box/cur/$now.M8P1.host:2,"
printf '\037\213\010 no gzip' >"$box/cur/$now.M9P1.host:2,"
exits 'compressed mails' 1 scan --json "$box"
tap_is 'of all forms' "$(found)" '6 genuine wanted open'
tap_is 'what is cut off, broken or not read is told' "$(skipped | sort)" \
	"$(printf '%s: compressed, and damaged or cut off\n' "M7P1" | cat - <(echo 'M8P1: compressed with LZ4, which is not read'; echo 'M9P1: compressed, and damaged or cut off'))"
gzip <"$LAB/mail" >"$LAB/named"
exits 'one compressed mail' 1 scan --json "$LAB/named"
tap_is 'is read' "$(found)" '1 genuine wanted open'

# -- mbox
mbox() { # appends the mail on standard input, as mboxrd
	printf 'From bounce@%s %s\n' "$REGISTRAR" "$(LC_ALL=C date -u -d "@$now" '+%a %b %e %T %Y')"
	sed 's/^\(>*From \)/>\1/'
	printf '\n'
}
from_line() { # a signed mail whose body has lines that mbox quotes
	{ lab_fill "$srcdir/tests/lab/verification.eml" TOKEN=0123456789abcdef; printf '\nFrom here on\n>From there\n'; } |
		lab_sign registrar demo "$REGISTRAR"
}
box=$LAB/mbox
{
	lab_fill "$srcdir/tests/lab/plain.eml" | mbox
	registrar_mail | delivered - | mbox
	from_line | delivered - | mbox
	lab_fill "$srcdir/tests/lab/plain.eml" | mbox
	registrar_mail | delivered - | mbox
} >"$box"
exits 'an mbox' 1 scan --json "$box"
tap_is 'each mail of it' "$(found)" '3 genuine wanted open'
tap_is 'by its number' "$(jq -c 'select(.type == "mail") | [.number, .delivered_by]' "$LAB/out" | tr -d '\n')" '[2,"mbox"][3,"mbox"][5,"mbox"]'
tap_is 'ordinary mail is counted' "$(summary .mails)" 5
exits 'as text' 1 scan "$box"
tap_like 'by its number' "$out" "$box, mail 2: dkim"
mkdir "$LAB/folders"
gzip <"$box" >"$LAB/folders/archive.gz"
sed 's/$/\r/' "$box" >"$LAB/folders/Inbox"
echo 'From here it is no mbox' >"$LAB/folders/letter"
: >"$LAB/folders/empty"
exits 'compressed, with CRLF, in a folder with others' 1 scan --json "$LAB/folders"
tap_is 'each mail' "$(found)" '6 genuine wanted open'
{ registrar_mail | delivered -; printf '\nFrom the desk of nobody\n\nFrom: x\n'; } >"$LAB/single"
exits 'no From_ line' 1 scan --json "$LAB/single"
tap_is 'is one mail, whatever lines it has' "$(summary .mails)" 1
{ lab_fill "$srcdir/tests/lab/plain.eml" | mbox; printf 'Text\n\nFrom me to you\n\nContent-Length: 0\n\n'; registrar_mail | mbox; } >"$box"
exits 'a From line that is text' 1 scan --json "$box"
tap_is 'begins no mail' "$(summary .mails)" 2
{ { lab_fill "$srcdir/tests/lab/plain.eml" | sed '1iContent-Length: 100000'; } | mbox; registrar_mail | mbox; } >"$box"
exits 'a Content-Length beyond the next mail' 1 scan --json "$box"
tap_is 'hides nothing' "$(found)" '1 genuine wanted open'

# -- MH, saved mails, other files
box=$LAB/trees
mkdir -p "$box/mh/inner" "$box/saved/2026"
registrar_mail | delivered "$box/mh/1"
registrar_mail | delivered "$box/mh/inner/22"
registrar_mail | delivered "$box/mh/,3.txt"
echo unseen: 1 >"$box/mh/.mh_sequences"
registrar_mail | delivered "$box/saved/2026/a mail.EML"
registrar_mail | delivered - | gzip >"$box/saved/one.eml.gz"
head -c 5000 /dev/urandom >"$box/saved/photo.jpg"
printf '<html>From: x</html>\n' >"$box/saved/page.html"
exits 'MH and saved mails' 1 scan --json "$box"
tap_is 'are found' "$(found)" '5 genuine wanted open'
tap_is 'and what is no mail is none' "$(summary '[.mails, .not_mail, .skipped]')" '[5,3,0]'
mkdir -p "$box/dbox/mailboxes/INBOX/dbox-Mails"
echo x >"$box/dbox/mailboxes/INBOX/dbox-Mails/u.1"
exits 'a dbox' 1 scan "$box"
tap_like 'is said to be one' "$err" 'INBOX/dbox-Mails: Dovecot.s dbox.*doveadm fetch'

# -- standard input
registrar_mail | delivered "$LAB/mail"
kn_input=$LAB/mail
exits 'one mail' 1 scan --json -
tap_is 'is found' "$(found)" '1 genuine wanted open'
{ lab_fill "$srcdir/tests/lab/plain.eml" | mbox; registrar_mail | mbox; } >"$LAB/mbox"
kn_input=$LAB/mbox
exits 'an mbox' 1 scan --json -
tap_is 'is found' "$(found)" '1 genuine wanted open'
{
	printf 'uid: 1\ndate.received.unixtime: %s\ntext:\n' "$now"
	lab_fill "$srcdir/tests/lab/plain.eml"
	printf '\f\nuid: 2\ndate.received.unixtime: %s\ntext:\n' "$((now - 60))"
	registrar_mail | delivered - | sed 's/$/\r/'
	printf '\f\nuid: 3\ntext:\n'
	{ lab_fill "$srcdir/tests/lab/verification.eml" TOKEN=0123456789abcdef; printf 'text:\n\f\nuid: 4\nmore\n'; } |
		lab_sign registrar demo "$REGISTRAR" | delivered -
	printf '\f\n'
} >"$LAB/fetched"
kn_input=$LAB/fetched
exits 'what doveadm fetch prints' 1 scan --json -
tap_is 'is mails' "$(found) of $(summary .mails)" '2 genuine wanted open of 3'
tap_is 'dated by Dovecot' "$(jq -c 'select(.type == "mail") | [.number, .delivered_by, .delivered]' "$LAB/out" | head -n 1)" \
	"[2,\"dovecot\",\"$(date -u -d "@$((now - 60))" +%FT%TZ)\"]"
if command -v doveadm >/dev/null && ((EUID == 0)) && id nobody >/dev/null 2>&1; then
	home=$LAB/dovecot
	mkdir -p "$home/run"
	cp -r "$LAB/Maildir" "$home/Maildir"
	cat >"$home/conf" <<-END
		mail_location = maildir:$home/Maildir
		base_dir = $home/run
		log_path = /dev/stderr
		first_valid_uid = 1
		ssl = no
	END
	chown -R nobody "$home"
	USER=nobody HOME=$home setpriv --reuid nobody --clear-groups --regid "$(id -g nobody)" \
		doveadm -c "$home/conf" fetch 'date.received.unixtime text' ALL >"$LAB/fetched" 2>"$LAB/log/doveadm.log" || true
	exits 'what Dovecot itself prints' 1 scan --json -
	tap_is 'is its mails' "$(found) of $(summary .mails)" '2 genuine wanted open, 1 unproven wanted review of 4'
else
	tap_skip 2 'no doveadm here, or not root'
fi
kn_input=/dev/null
exits 'nothing' 0 scan --json -
tap_is 'is nothing' "$(summary '[.mails, .found]')" '[0,0]'

# -- what is passed over
box=$LAB/odd
maildir "$box"
registrar_mail | delivered "$LAB/elsewhere.eml"
ln -s "$LAB/elsewhere.eml" "$box/cur/$now.M1P1.link:2,"
ln -s . "$box/loop"
ln -s "$LAB" "$box/.out"
mkfifo "$box/cur/$now.M2P1.pipe:2,"
name=$'new\nline \033[31mred\007'
registrar_mail | delivered "$box/cur/$now.$name:2,"
exits 'links, pipes, odd names' 1 scan "$box"
tap_like 'the mail is found' "$out" '1 mails in 1 files, 1 found'
tap_like 'its name is plain text' "$out" "new\\?line \\?\\[31mred\\?:2,"
tap_unlike 'without a control character' "$out$err" $'[\001-\010\013-\037]'
tap_like 'a link is told' "$err" "link:2,: a symbolic link, not followed"
tap_like 'a link to a folder too' "$err" "loop: a symbolic link"
tap_like 'and a pipe' "$err" "pipe:2,: a pipe"
tap_like 'and counted' "$out" '4 files and folders passed over'
exits 'the same as JSON' 1 scan --json "$box"
tap_is 'with the name as it is' "$(jq 'select(.type == "mail") | .file | contains("\n") and contains("\u001b")' "$LAB/out")" true
exits 'a path that is not there' 2 scan "$LAB/nowhere" "$LAB/Empty"
tap_like 'is told' "$err" "$LAB/nowhere: No such file or directory"
tap_like 'and the other is read' "$out" '0 mails in 0 files'
exits 'a pipe that is named' 2 scan "$box/cur/$now.M2P1.pipe:2,"
exits 'a device' 2 scan /dev/null
head -c 3000 /dev/zero >"$LAB/zeros"
exits 'a named file that is no mail' 2 scan "$LAB/zeros"
ln -s "$LAB/Maildir" "$LAB/box"
exits 'a named link' 1 scan --json "$LAB/box"
tap_is 'is followed' "$(summary .found)" 4
nobody() { setpriv --reuid nobody --regid "$(id -g nobody)" --clear-groups "$@"; }
if ((EUID == 0)) && nobody "$builddir/progs/keepname" -c "$LAB/keepname/keepname.conf" config >/dev/null 2>&1; then
	cp -r "$LAB/Maildir" "$LAB/theirs"
	chmod 600 "$LAB/theirs/cur/$now.M1P1.host:2,S"
	chmod 700 "$LAB/theirs/.Junk"
	exits_as_nobody() {
		rc=0
		nobody "$builddir/progs/keepname" -c "$LAB/keepname/keepname.conf" scan --json "$2" >"$LAB/out" 2>"$LAB/err" </dev/null || rc=$?
		tap_is "$1" "$rc" "$3"
	}
	exits_as_nobody 'what may not be read' "$LAB/theirs" 1
	tap_is 'is passed over, and told' "$(found); $(skipped | sort | paste -sd,)" \
		'1 genuine wanted open, 1 unproven wanted review; .Junk: Permission denied,M1P1: Permission denied'
	exits_as_nobody 'a named folder that may not be read' "$LAB/theirs/.Junk" 2
	exits_as_nobody 'a named file that may not be read' "$LAB/theirs/cur/$now.M1P1.host:2,S" 2
else
	tap_skip 4 'not root, or nobody may not run what was built'
fi
exits 'no path' 2 scan
tap_like 'is usage' "$err" '^Usage: '
exits 'an option that is none' 2 scan --fast "$box"
exits 'a date that is none' 2 scan --since yesterday "$box"
tap_like 'what is expected' "$err" 'a date like 2026-11-22 is expected'
exits 'a recipient that is none' 2 scan --recipient 'a@b, c@d' "$box"
exits 'a server that is none' 2 scan --trust-authserv 'mx example' "$box"
deep=$LAB/deep
mkdir "$deep"
(
	cd "$deep"
	for ((i = 1; i <= 1000; i++)); do mkdir d && cd d; done
)
at=$deep
for ((i = 1; i <= 51; i++)); do # LIMIT_SCAN_DEPTH, and one more
	at+=/d
	((i < 50)) || registrar_mail | delivered "$at/1"
done
exits 'a thousand folders deep' 1 scan --json "$deep"
tap_is 'down to the limit' "$(found), $(skipped)" '1 genuine wanted open, d: too deep, not entered'

rm -rf "$deep"
mkdir "$LAB/wide"
(cd "$LAB/wide" && seq -f 'd%06g' 100001 | xargs mkdir) # LIMIT_SCAN_FOLDERS, and one more
exits 'many folders' 0 scan --json "$LAB/wide"
tap_is 'up to the limit' "$(skipped)" 'wide: has too many folders; the rest of them is left'
(cd "$LAB/wide" && rmdir d000001)
exits 'as many as the limit' 0 scan --json "$LAB/wide"
tap_is 'are read' "$(skipped)" ''
(cd "$LAB" && find wide -type d -name 'd*' -delete)

# -- hostile mails
box=$LAB/hostile
maildir "$box"
{ printf 'From: noreply@emailverification.info\nSubject: x\nX-Long: '; head -c 10000000 /dev/zero | tr '\0' x; printf '\n\nText\n'; } >"$box/cur/$now.M1P1.h:2,"
{ printf 'From: noreply@emailverification.info\nSubject: '; head -c 3000000 /dev/zero; } >"$box/cur/$now.M2P1.h:2,"
printf 'From: noreply@emailverification.info\nSubject: Request for email address validation' >"$box/cur/$now.M3P1.h:2,"
head -c 200000 /dev/urandom >"$box/cur/$now.M4P1.h:2,"
: >"$box/cur/$now.M5P1.h:2,"
printf '\n\n' >"$box/cur/$now.M6P1.h:2,"
registrar_mail | delivered "$box/cur/$now.M7P1.h:2,"
exits 'hostile mails' 1 scan --json "$box"
tap_is 'do not hide another' "$(jq -r 'select(.verdict == "genuine") | .file' "$LAB/out")" "$box/cur/$now.M7P1.h:2,"
tap_is 'headers past a limit are left to people' "$(jq -r 'select(.fate == "unjudged") | .unjudged' "$LAB/out" | sort -u)" 'headers past a limit'
tap_is 'all are counted' "$(summary '[.files, .mails]')" '[7,6]'
{ printf 'From x@y Fri Nov 27 05:30:13 2026\n'; registrar_mail; head -c 90000000 /dev/zero; } | gzip -9 >"$LAB/bomb.gz"
{ printf 'From x@y Fri Nov 27 05:30:13 2026\nX: '; head -c 90000000 /dev/zero; } | zstd -q >"$LAB/bomb.zst"
exits 'a bomb' 2 scan --json "$LAB/bomb.gz"
tap_is 'is defused' "$(skipped)" 'bomb.gz: compressed, and swells beyond all reason'
exits 'another' 2 scan --json "$LAB/bomb.zst"
tap_is 'is too' "$(skipped)" 'bomb.zst: compressed, and swells beyond all reason'
{ registrar_mail --unsigned | delivered -; head -c 90000000 /dev/zero; } | gzip -9 >"$box/cur/$now.M8P1.h:2,"
exits 'a mail that is one' 1 scan --json "$box"
tap_is 'is read as far as the judge reads' "$(summary '[.files, .mails, .skipped, .judged]')" '[8,7,0,3]'

tap_end
