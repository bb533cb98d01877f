#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# keepname doctor behind a real, chrooted Postfix: all well after keepname setup; then each check made to
# fail, and found by its name, state and words. What lies in fixed places (/etc/rspamd, /run/systemd) is put
# there for the doctor alone, in a mount namespace.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"

reason=$(lab_missing)
[[ $reason ]] || command -v jq >/dev/null || reason='jq is not installed (scripts/install-deps --tests)'
[[ -z $reason ]] || tap_skip_all "$reason"
tap_plan 79
lab_begin
registrar_dns
lab_dns_start
LAB_SOCKET=$LAB/postfix/queue/keepname/milter.sock
etc=$LAB/postfix/etc
folder=$LAB/postfix/queue/keepname
mkdir -p "$folder" && chmod 711 "$folder"
lab_keepname_conf 'digest_to = "admin@example.net"'
cp "$LAB/keepname/keepname.conf" "$LAB/good.conf"
database=$LAB/keepname/keepname.db

conf=$LAB/keepname/keepname.conf
inside=() # before the command: a namespace
doctor() {
	rc=0
	lab_postfix_run "${inside[@]}" "$builddir/progs/keepname" -c "$conf" doctor \
		--pieces "$srcdir/packaging/setup" --folder "$etc" "$@" >"$LAB/out" 2>"$LAB/err" </dev/null || rc=$?
}
# finds NAME CHECK STATE ERE: what a check says, and what to type.
finds() {
	doctor --json
	tap_like "$1" "$(jq -r --arg check "$2" '.checks[] | select(.check == $check) | "\(.state) \(.says) > \(.do)"' "$LAB/out")" "^$3 .*$4"
}
# otherwise 'key = value'...: a configuration for the doctor alone.
otherwise() {
	local line key
	conf=$LAB/other.conf
	{
		while IFS= read -r line; do
			key=${line%% *}
			[[ $'\n'$(printf '%s\n' "$@") == *$'\n'"$key "* ]] || printf '%s\n' "$line"
		done <"$LAB/good.conf"
		printf '%s\n' "$@"
	} >"$conf"
}
as_ever() { conf=$LAB/keepname/keepname.conf; }
# setting 'name = value'...: Postfix's, from what setup wrote.
setting() { { cat "$LAB/main.cf" && printf '%s\n' "$@"; } >"$etc/main.cf"; }
service() { { cat "$LAB/master.cf" && printf '%s\n' "$@"; } >"$etc/master.cf"; }

# -- all well
lab_keepname_start
lab_postfix_start --chroot --set 'smtpd_forbid_bare_newline = normalize'
lab_postfix_run "$builddir/progs/keepname" -c "$conf" setup postfix --pieces "$srcdir/packaging/setup" --folder "$etc" --write --yes >"$LAB/log/setup"
cp "$etc/main.cf" "$LAB/main.cf"
cp "$etc/master.cf" "$LAB/master.cf"
doctor --json
tap_is 'every check has an answer' "$(jq -r '.checks | length' "$LAB/out")" 24
tap_is 'with the same keys' "$(jq -c '[keys, (.checks[] | keys)] | unique' "$LAB/out")" \
	'[["answers","check","do","says","state"],["checks","state"]]'
# The machine's own clock, filters, service and timer are not the lab's; no backup has been made yet.
tap_is 'what is of the lab is well' "$(jq -r '.checks[] | select(.state != "OK") | .check' "$LAB/out" |
	grep -vxE 'clock|pieces|service|timer|backup' | xargs)" ''
tap_like 'the answers of the daemon are shown' "$(jq -r '.checks[1].answers' "$LAB/out")" 'sent: x-KEEPNAME: genuine.*delete both'
tap_like 'those of the judge, too' "$(jq -r '.checks[2].answers' "$LAB/out")" \
	'X-Keepname: genuine; class=verification; .*deadline=2026-12-06T10:00:00Z;.*X-Keepname: forged; reason='
tap_is 'nothing was recorded for it' "$(sqlite3 -readonly "$database" 'SELECT count(*) FROM pending')" 0
doctor
tap_like 'as text' "$(<"$LAB/out")" $'OK +daemon: it answers at .*\n.*OK +postfix-reaches: user [a-z]+ reaches keepname/milter\\.sock from within the chroot'
doctor --surely
tap_is 'wrong usage' "$rc" 2

# -- the daemon
mv "$LAB_SOCKET" "$LAB_SOCKET.aside"
finds 'nobody at the socket' daemon CRITICAL 'nobody answers.*No such file.*> systemctl start'
tap_is 'is bad news' "$rc" 1
finds 'nobody can be asked about a message' strips-forged UNKNOWN 'cannot be asked'
doctor --nagios
tap_is 'for monitoring: one line' "$(wc -l <"$LAB/out")" 1
tap_like 'the worst first' "$(<"$LAB/out")" '^KEEPNAME CRITICAL - daemon: nobody answers .* [0-9]+ checks OK'
tap_is 'and its exit status' "$rc" 2
lab_spawn other "$builddir/tests/bench/empty_filter" "local:$LAB_SOCKET"
other=$LAB_PID
lab_await -m 'the other filter' connect "$LAB_SOCKET"
finds 'a filter that takes nothing away' strips-forged CRITICAL 'of two forged X-Keepname headers 0 were taken away'
lab_stop "$other"
rm -f "$LAB_SOCKET"
# Servers that answer whatever they are told with octets of the test's, over and over.
answers() { # PYTHON EXPRESSION
	lab_spawn deaf python3 -c '
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen(4)
while True:
    c, _ = s.accept()
    try:
        c.recv(100)
        c.sendall(eval(sys.argv[2]))
        c.recv(100)
    except OSError:
        pass
' "$LAB_SOCKET" "$1"
	deaf=$LAB_PID
	lab_await -m 'another server' connect "$LAB_SOCKET"
}
unanswer() { lab_stop "$deaf" && rm -f "$LAB_SOCKET"; }
answers 'b"SSH-2.0" * 9'
finds 'what is no milter' daemon CRITICAL 'does not speak the milter protocol'
unanswer
answers '(65536).to_bytes(4, "big") + b"O" + bytes(65535)' # LIMIT_FILTER_PACKET, and one past it
finds 'a packet as long as may be' daemon OK 'it answers'
unanswer
answers '(65537).to_bytes(4, "big") + b"O" + bytes(65536)'
finds 'and a longer one' daemon CRITICAL 'does not speak the milter protocol'
unanswer
mv "$LAB_SOCKET.aside" "$LAB_SOCKET"

# -- the judge and the DNS
otherwise "libexec_dir = \"$LAB\""
finds 'no judge' judge CRITICAL 'the judge does not start'
finds 'no resolver' dns CRITICAL 'the resolver does not start'
mkdir "$LAB/norules"
otherwise "lists = \"$LAB/norules\""
finds 'no rules' judge CRITICAL "$LAB/norules cannot be used"
otherwise "nameservers = {\"127.0.0.1@$(lab_port)\"}" 'dns_timeout = 1'
finds 'no DNS' dns CRITICAL '(no answer from the DNS within 1 s|does not answer).*> see nameservers'
finds 'which the judge does not need for this' judge OK 'found genuine'
as_ever

# -- Postfix reaches it
chmod 700 "$folder"
finds 'a folder that is closed' postfix-reaches CRITICAL 'user [a-z]+ does not reach keepname/milter\.sock from within the chroot: keepname: Permission denied'
chmod 711 "$folder"
chmod 600 "$LAB_SOCKET"
finds 'a socket that it may not write' postfix-reaches CRITICAL 'milter\.sock itself may not be written'
chmod 666 "$LAB_SOCKET"
otherwise "socket = \"local:$LAB/keepname/elsewhere.sock\""
finds 'a socket outside of the chroot' postfix-reaches CRITICAL 'from within the chroot: No such file'
otherwise "socket = \"inet:$(lab_port)@127.0.0.1\""
finds 'over TCP' postfix-reaches OK 'nothing in the way'
as_ever
inside=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
if "${inside[@]}" test -r "$conf" -a -x "$builddir/progs/keepname" 2>/dev/null; then
	finds 'not as root' postfix-reaches UNKNOWN 'only root can try'
else
	tap_skip 1 'this folder is closed to nobody'
fi
inside=()

# -- main.cf
setting 'smtpd_milters = inet:127.0.0.1:11332'
finds 'not in smtpd_milters' smtpd-milters CRITICAL 'not in smtpd_milters > keepname setup postfix --write'
setting 'smtpd_milters = inet:127.0.0.1:11332, { unix:keepname/milter.sock, default_action=accept }'
finds 'behind the filter' smtpd-milters WARNING 'number 2 .* cannot hear it'
setting 'smtpd_milters = { unix:keepname/milter.sock, connect_timeout=1s }' 'milter_default_action = shutdown'
finds 'what Postfix does on its own' when-down WARNING 'does "shutdown" with all mail > add default_action=accept'
setting 'smtpd_milters = unix:keepname/milter.sock' 'milter_default_action = accept'
finds 'which may be right' when-down OK 'mail flows on'
setting 'non_smtpd_milters = $smtpd_milters'
finds 'in non_smtpd_milters, by a variable' non-smtpd-milters WARNING 'is in non_smtpd_milters'
setting "header_checks ="
finds 'no header checks' header-checks WARNING 'no table .* come through while keepname is down'
printf '/genuine/ WARN\n' >"$etc/theirs"
setting "header_checks = regexp:$etc/theirs, regexp:$etc/keepname-header_checks"
finds 'a table that answers first' header-checks WARNING "regexp:$etc/theirs answers first .* with \"WARN\""
setting 'smtpd_forbid_bare_newline = no'
finds 'smuggling is let be' bare-newline WARNING 'a mail can hide another.*> postconf -e smtpd_forbid_bare_newline=normalize'
setting

# -- master.cf
service 'submission inet n - y - - smtpd' '  -o smtpd_sasl_auth_enable=yes'
finds 'submission' master-services WARNING 'submission asks keepname about mail of your own users'
service 'submission inet n - y - - smtpd' '  -o smtpd_milters=inet:127.0.0.1:8891'
finds 'with filters of its own' master-services OK ''
service '127.0.0.1:10025 inet n - y - - smtpd' '  -o content_filter='
finds 'back from a content filter' master-services WARNING '10025 takes mail back .* asks keepname again.*; .*header_checks take keepname.s header away'
service '127.0.0.1:10025 inet n - y - - smtpd' '  -o content_filter=' '  -o smtpd_milters=' \
	'  -o { receive_override_options = no_milters, no_header_body_checks }'
finds 'as it should be' master-services OK ''
service 'smtp inet n - y - - smtpd' '  -o smtpd_milters=inet:127.0.0.1:11332'
finds 'another list on the port for all' master-services CRITICAL 'smtp of master.cf has its own smtpd_milters, without keepname'
service
mv "$etc/main.cf" "$etc/main.aside"
finds 'no configuration' smtpd-milters UNKNOWN 'postconf: .*No such file'
mv "$etc/main.aside" "$etc/main.cf"

# -- database and spool
otherwise "database = \"sqlite:$LAB/keepname/none.db\""
finds 'no database' database CRITICAL 'there is no database yet'
tap_fails 'and none is made' test -e "$LAB/keepname/none.db"
mkdir "$LAB/copies" && chmod 755 "$LAB/copies"
sqlite3 -readonly "$database" ".backup $LAB/copies/newer.db"
cp "$LAB/copies/newer.db" "$LAB/copies/broken.db"
cp "$LAB/copies/newer.db" "$LAB/copies/whose.db"
sqlite3 "$LAB/copies/newer.db" 'PRAGMA user_version = 4711'
otherwise "database = \"sqlite:$LAB/copies/newer.db\""
finds 'of a later version' database CRITICAL 'later version of keepname \(4711\)'
dd if=/dev/urandom of="$LAB/copies/broken.db" bs=512 seek=9 count=40 conv=notrunc 2>/dev/null
otherwise "database = \"sqlite:$LAB/copies/broken.db\""
finds 'damaged' database CRITICAL '(damaged|malformed|corrupt)'
otherwise "database = \"sqlite:$LAB/copies/whose.db\"" 'user = "nobody"'
finds 'of somebody else' database CRITICAL "belongs to root, and the daemon is nobody > chown nobody: $LAB/copies/whose.db"
otherwise "database = \"sqlite:$LAB/good.conf\""
finds 'no database at all' database CRITICAL 'is no database of keepname'
otherwise "spool = \"$LAB/keepname/nospool\""
finds 'no spool' spool WARNING 'nospool/records.spool: No such file'
tap_fails 'and none is made either' test -e "$LAB/keepname/nospool"
mkdir "$LAB/badspool" && head -c 9000 /dev/urandom >"$LAB/badspool/records.spool"
otherwise "spool = \"$LAB/badspool\""
finds 'no spool at all' spool CRITICAL 'is no spool, or damaged'
mkdir "$LAB/freespool"
"$builddir/tests/cli/spooled" "$LAB/freespool" 2
otherwise "spool = \"$LAB/freespool\""
finds 'records that wait' spool WARNING '2 records wait in the spool > start the daemon'
as_ever

# -- lists, clock, digest
mkdir "$LAB/lists"
cp "$srcdir"/rules/lists/*.class "$LAB/lists/"
stanza() { printf 'Sender: %s\nFrom: a@%s.example\nClasses: verification\nLink: x.example /%s\nConfidence: A\nLast-Seen: %s\nEvidence: https://x.example/\n%s\n' "$1" "$1" "$1" "$2" "${3-}"; }
{ stanza one 2019-03; stanza two 2020-01; } >"$LAB/lists/a.list"
otherwise "lists = \"$LAB/lists\"" "database = \"sqlite:$LAB/copies/none.db\""
finds 'an old list' lists WARNING 'was seen [0-9]+ days ago.*2 of 2 enabled senders were not seen'
stanza one 2026-11 'Status: disabled' >"$LAB/lists/a.list"
finds 'a list of nobody' lists CRITICAL 'no sender is enabled'
touch -d '+3 days' "$LAB/copies/whose.db"
otherwise "database = \"sqlite:$LAB/copies/whose.db\""
finds 'a clock that is behind' clock CRITICAL 'and .*whose\.db was written at .*> set the clock'
as_ever
registrar_mail >"$LAB/message"
registrar_deliver "$LAB/message"
finds 'no backup at all' backup WARNING 'no backup has ever been made .*backup_to'
otherwise "backup_to = \"$LAB/backups\""
finds 'not yet' backup WARNING 'made yet .*keepname backup'
mkdir "$LAB/backups"
"$builddir/progs/keepname" -c "$conf" backup
finds 'beside the database' backup WARNING 'lie on the file system of the database'
otherwise "backup_to = \"|cat >$LAB/backup\""
"$builddir/progs/keepname" -c "$conf" backup
finds 'elsewhere' backup OK "made .*cat >$LAB/backup"
otherwise 'backup_to = "|exit 3"'
"$builddir/progs/keepname" -c "$conf" backup 2>"$LAB/err" || true
sqlite3 "$database" "UPDATE run SET good_at = good_at - 3 * 86400 WHERE name = 'backup'"
finds 'none that arrived for three days' backup WARNING 'the last backup is of .*, and later ones failed'
as_ever
sqlite3 "$database" "DELETE FROM run"
finds 'forgotten again' backup WARNING 'ever'
otherwise 'digest_to = ""'
finds 'nobody gets the digest' digest WARNING 'digest_to is not set'
otherwise 'digest_to = "admin@example.net"' "sendmail = \"$LAB/none\""
finds 'nothing to mail it with' digest CRITICAL "cannot be mailed: $LAB/none: No such file"
otherwise 'digest_to = "admin@mail.example.com"'
finds 'to a domain that may go dark' digest WARNING 'a domain that may go dark itself'
otherwise 'digest_to = "admin@notexample.com"'
finds 'one that only ends like it' digest OK 'goes to admin@notexample\.com'
as_ever

# -- the watch
finds 'registries that were never asked' watch WARNING 'of 1 domains were never asked.*> systemctl enable'
ran() { sqlite3 "$database" "INSERT OR REPLACE INTO run (name, at, good_at, detail) VALUES ('watch', $(date -d "$1" +%s), $(date -d "$2" +%s), 'some words')"; }
ran '-1 hour' '-1 hour'
finds 'only the sample' watch WARNING 'only the sample.*> keepname watch --bootstrap'
: >"$LAB/rdap.json"
otherwise "rdap_bootstrap = \"$LAB/rdap.json\""
finds 'asked an hour ago' watch OK 'were asked 1 hours ago: some words'
ran '-27 hours' '-27 hours'
finds 'asked yesterday' watch WARNING 'last asked 27 hours ago'
ran '-1 hour' '-27 hours'
finds 'asked, and nothing learned' watch WARNING 'nothing is learned.*some words'
as_ever

# -- what lies in fixed places
if unshare -m true 2>/dev/null; then
	# within SCRIPT: runs it in a mount namespace, and the doctor after it.
	within() { inside=(unshare -m bash -c "{ $1; } >/dev/null 2>&1; exec \"\$@\"" within); }
	mkdir -p "$LAB/small" "$LAB/fake" "$LAB/fakeetc"
	within "mount -t tmpfs -o size=1m none '$LAB/small'"
	otherwise "spool = \"$LAB/small\""
	finds 'a disk that is full' disk CRITICAL 'small: [01] MB are free'
	within "mount -t tmpfs -o ro none '$LAB/small'"
	finds 'or cannot be written' disk CRITICAL 'small is on a file system that is read only'
	as_ever
	printf '#!/bin/sh\ncat "%s/systemctl.$1"\n' "$LAB" >"$LAB/fake/systemctl"
	chmod 755 "$LAB/fake/systemctl"
	echo disabled >"$LAB/systemctl.is-enabled"
	: >"$LAB/systemctl.list-timers"
	systemd="mount -t tmpfs none /run && mkdir -p /run/systemd/system; export PATH='$LAB/fake':\$PATH"
	within "$systemd; rm -f '$LAB/systemctl.is-enabled'"
	finds 'a service that does not start with the system' service WARNING 'does not start with the system.*> systemctl enable keepname-milter'
	finds 'no timer' timer WARNING 'nothing sends the digest'
	echo enabled >"$LAB/systemctl.is-enabled"
	echo 'Sat 07:30 keepname-digest.timer' >"$LAB/systemctl.list-timers"
	within "$systemd"
	finds 'one that does' service OK 'starts with the system'
	finds 'a timer' timer OK 'a timer sends'
	within "mount -t tmpfs none /run"
	finds 'without systemd' service UNKNOWN 'no systemd'
	if [[ -d /etc/spamassassin ]] && command -v spamassassin >/dev/null; then
		printf '#!/bin/sh\nexit 1\n' >"$LAB/fakeetc/x"
		cp -r /etc/spamassassin "$LAB/sa"
		within "mount --bind '$LAB/sa' /etc/spamassassin"
		finds 'a filter that does not hear it' pieces WARNING 'spamassassin is here and does not hear keepname.*> .*keepname setup spamassassin --write'
		cp "$srcdir/packaging/setup/spamassassin/60_keepname.cf" "$LAB/sa/"
		doctor --json
		tap_unlike 'and then does' "$(jq -r '.checks[] | select(.check == "pieces") | .says' "$LAB/out")" 'spamassassin'
	else
		tap_skip 2 'no SpamAssassin here'
	fi
	inside=()
else
	tap_skip 9 'no mount namespaces here'
fi
tap_end
