#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# keepname check: one message judged by the daemon's own programs, from a file or standard input, in any
# form that mail is kept in; what it prints, and its exit status.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
# shellcheck source=tests/cli/site.sh
. "$srcdir/tests/cli/site.sh"

for program in unbound unbound-control; do
	command -v "$program" >/dev/null || tap_skip_all "$program is not installed (scripts/install-deps --tests)"
done
site_begin 123
site_dns

registrar_mail >"$LAB/genuine"
registrar_mail --unsigned >"$LAB/unsigned"
lab_fill "$srcdir/tests/lab/plain.eml" >"$LAB/plain"

# -- as text
exits 'a genuine mail' 0 check "$LAB/genuine"
tap_like 'verdict' "$out" '^verdict genuine'
for condition in sender listed proved class links fresh; do
	tap_like "condition $condition" "$out" "
  $condition +yes +[^ ]"
done
tap_like 'who signed' "$out" 'DKIM emailverification\.info, selector demo: pass, aligned'
tap_like 'its link' "$out" 'as it should: www\.emailverification\.info \(text\)'
tap_like 'what it is about' "$out" 'about +example\.com'
tap_like 'its deadline' "$out" "due +$(date -u -d '+14 days' +%F)T.* \\(stated\\)"
tap_like 'what would be done to it' "$out" 'edit +insert X-Keepname: genuine; class=verification;'
tap_unlike 'no colours where no terminal is' "$out" $'\033'
tap_is 'nothing on standard error' "$err" ''
terminal() { script -qec "$(printf '%q ' "$builddir/progs/keepname" -c "$LAB/keepname/keepname.conf" "$@")" /dev/null </dev/null 2>&1 || true; }
tap_like 'colours where one is' "$(terminal check "$LAB/genuine")" $'\033\\[32mgenuine\033\\[0m'
tap_like 'no in red' "$(terminal check "$LAB/unsigned")" $'proved +\033\\[31mno'
tap_unlike 'unless they are not wanted' "$(NO_COLOR=1 terminal check "$LAB/genuine")" $'\033'
tap_fails 'no database is made' test -e "$site_database"

# -- as JSON
exits 'the same as JSON' 0 check --json "$LAB/genuine"
json_is 'keys' 'keys | sort | join(" ")' \
	'"class conditions deadline deadline_refused deadline_source domains edits from imitates links proof reasons registrar sender verdict"'
json_is 'verdict, class' '[.verdict, .class]' '["genuine","verification"]'
json_is 'registrar, sender, from' '[.registrar, .sender, .from]' '["Key-Systems GmbH","key-systems","noreply@emailverification.info"]'
json_is 'domains, reasons, imitates' '[.domains, .reasons, .imitates]' '[["example.com"],[],null]'
json_is 'deadline' '[(.deadline | fromdateiso8601 | type), .deadline_source]' '["number","stated"]'
json_is 'links' '.links' '[{"url_host":"www.emailverification.info","kind":"text","expected":true}]'
json_is 'proof' '.proof' \
	'{"dkim":[{"d":"emailverification.info","s":"demo","result":"pass","aligned":true}],"spf":{"result":"not-asked","domain":null,"aligned":false},"dmarc":"reject"}'
json_is 'conditions' '.conditions' '{"sender":"yes","listed":"yes","proved":"yes","class":"yes","links":"yes","fresh":"yes"}'
json_is 'edits: keys' '[.edits[] | keys] | unique' '[["action","name","value"]]'
json_is 'edits' '[.edits[] | [.action, .name]]' '[["insert","X-Keepname"],["add","X-Priority"],["add","Importance"],["add","Priority"]]'
cp "$LAB/out" "$LAB/genuine.json"

# -- an imitation
registrar_mail --unsigned | sed 's/^From: .*/From: noreply@emai1verification.info/' >"$LAB/lookalike"
exits 'a lookalike' 1 check "$LAB/lookalike"
tap_like 'its verdict' "$out" '^verdict lookalike'
tap_like 'whom it imitates' "$out" 'imitates emailverification\.info'
exits 'the same as JSON' 1 check --json "$LAB/lookalike"
json_is 'verdict, imitates, reasons' '[.verdict, .imitates, .reasons]' \
	'["lookalike","emailverification.info",["not-listed","dkim-none","confusable"]]'

# -- forms of a file
same() { # NAME: the last run said the same as for the plain file
	tap_is "$1: the same verdict" "$rc $(jq -cS . "$LAB/out" 2>&1)" "0 $(jq -cS . "$LAB/genuine.json")"
}
sed 's/$/\r/' "$LAB/genuine" >"$LAB/crlf"
kn check --json "$LAB/crlf"
same 'CRLF'
{ echo "From bounce@$REGISTRAR Sun Nov 22 06:00:00 2026"; cat "$LAB/genuine"; } >"$LAB/mbox"
kn check --json "$LAB/mbox"
same 'mbox'
sed 's/$/\r/' "$LAB/mbox" >"$LAB/mbox.crlf"
kn check --json "$LAB/mbox.crlf"
same 'mbox with CRLF'
kn_input=$LAB/genuine
kn check --json -
same 'standard input'
kn_input=$LAB/crlf
kn --json check -
same 'standard input with CRLF'
kn_input=/dev/null
{ printf 'Return-Path: <x@mx.lab.test>\nReceived: from a by b\n'; cat "$LAB/genuine"; } >"$LAB/delivered"
kn check --json "$LAB/delivered"
same 'with headers of its delivery on top'

# -- time
exits 'forty days later' 1 check --json --now "$(date -u -d '+40 days' +%FT%TZ)" "$LAB/genuine"
json_is 'it is too old' '[.verdict, .conditions.fresh, .reasons]' '["known","no",["age"]]'
exits 'as text' 1 check --now "$(date -d '+40 days' +%s)" "$LAB/genuine"
tap_like 'with the reason in words' "$out" 'age: The mail is too old'
exits 'two days earlier' 1 check --json --now "$(date -d '-2 days' +%s)" "$LAB/genuine"
json_is 'it is dated ahead' '.reasons' '["age"]'
exits 'a time that is none' 2 check --now yesterday "$LAB/genuine"
tap_like 'says what is expected' "$err" '2026-12-06T10:00:00Z is expected'

# -- SPF
exits 'unsigned, without the client' 1 check --json "$LAB/unsigned"
json_is 'is not proved' '[.verdict, .conditions.proved, .proof.spf.result]' '["unproven","no","not-asked"]'
exits 'unsigned, from its own server' 0 check --json --client-ip "$REGISTRAR_IP" --mail-from "bounce@$REGISTRAR" "$LAB/unsigned"
json_is 'is proved by SPF' '[.verdict, .proof.spf]' '["genuine",{"result":"pass","domain":"emailverification.info","aligned":true}]'
exits 'the address in angle brackets' 0 check --client-ip "$REGISTRAR_IP" --mail-from "<bounce@$REGISTRAR>" "$LAB/unsigned"
exits 'from another server' 1 check --json --client-ip 198.51.100.9 --mail-from "bounce@$REGISTRAR" "$LAB/unsigned"
json_is 'is not' '[.verdict, .proof.spf.result]' '["forged","fail"]'
exits 'from the null sender' 1 check --json --client-ip "$REGISTRAR_IP" --mail-from '<>' "$LAB/unsigned"
json_is 'is not either' '.conditions.proved' '"no"'
exits 'from an IPv6 address' 1 check --json --client-ip 2001:db8::1 --mail-from "bounce@$REGISTRAR" "$LAB/unsigned"
exits 'an address that is none' 2 check --client-ip 192.0.2 "$LAB/unsigned"
tap_like 'says what is expected' "$err" 'IP address is expected'
lab_keepname_conf 'trusted_networks = {"192.0.2.0/24"}'
exits 'a server of ours' 1 check --json --client-ip "$REGISTRAR_IP" --mail-from "bounce@$REGISTRAR" "$LAB/unsigned"
json_is 'is no proof' '.proof.spf' '{"result":"not-asked","domain":null,"aligned":false}'
lab_keepname_conf
site_records <<-END
	at=$(date +%s)|to=a@example.com|domains=x.example|from=noreply@emailverification.info|signs=yes
END
exits 'a sender that has been seen to sign' 1 check --json --client-ip "$REGISTRAR_IP" --mail-from "bounce@$REGISTRAR" "$LAB/unsigned"
json_is 'is not proved by SPF alone' '.reasons | contains(["spf-weak"])' true
exits 'but by its signature' 0 check "$LAB/genuine"
tap_is 'and nothing was recorded' "$(ask 'SELECT count(*) FROM message')" 1

# -- other verdicts
exits 'ordinary mail' 1 check "$LAB/plain"
tap_like 'is none of ours' "$out" '^verdict none'
exits 'as JSON' 1 check --json "$LAB/plain"
json_is 'has the same keys' 'keys | sort | join(" ")' "$(jq -c 'keys | sort | join(" ")' "$LAB/genuine.json")"
json_is 'absent values are null, lists empty' '[.verdict, .class, .registrar, .sender, .from, .deadline, .deadline_source, .domains, .links, .reasons, .edits]' \
	'["none",null,null,null,"somebody@sender.example",null,null,[],[],[],[]]'
json_is 'conditions are not known' '.conditions | [.[]] | unique' '["unknown"]'
lab_fill "$srcdir/tests/lab/forgery.eml" TOKEN=0 >"$LAB/forgery"
exits 'a forgery' 1 check --json --client-ip 198.51.100.66 --mail-from bounce@shop-login.example "$LAB/forgery"
json_is 'by the policy of the domain it claims' '[.verdict, (.reasons | contains(["dmarc"]))]' '["forged",true]'
json_is 'its own verdict header is deleted' '.edits[0]' '{"action":"delete","name":"X-Keepname","value":null}'
json_is 'and it is not made urgent' '[.edits[].name] | unique' '["X-Keepname"]'
sed 's,^https://www.emailverification.info/,https://emailverification.info.evil.example/,' "$LAB/unsigned" |
	lab_sign registrar demo "$REGISTRAR" >"$LAB/elsewhere"
exits 'signed, but a link leads elsewhere' 1 check --json "$LAB/elsewhere"
json_is 'is known, no more' '[.verdict, .reasons, .conditions.links]' '["known",["links"],"no"]'
json_is 'the link is shown' '.links[0] | [.url_host, .expected]' '["emailverification.info.evil.example",false]'
exits 'as text' 1 check "$LAB/elsewhere"
tap_like 'too' "$out" 'links +no +.*elsewhere: emailverification\.info\.evil\.example /[^ ]*\* \(text\)'
lab_fill "$srcdir/tests/lab/verification.eml" TOKEN=1 | lab_sign registrar demo "$REGISTRAR" -h from:date >"$LAB/flawed"
exits 'signed without its subject' 1 check "$LAB/flawed"
tap_like 'which is said' "$out" 'pass, aligned; Subject is not signed'
{ printf 'X-Keepname: genuine\n'; cat "$LAB/plain"; } >"$LAB/marked"
exits 'ordinary mail with a forged header' 1 check --json "$LAB/marked"
json_is 'loses it' '.edits' '[{"action":"delete","name":"X-Keepname","value":null}]'
lab_keepname_conf 'mode = observe'
exits 'mode = observe' 0 check --json "$LAB/genuine"
json_is 'edits nothing' '.edits' '[]'
lab_keepname_conf

# -- what is hardly a mail
: >"$LAB/empty"
exits 'an empty file' 1 check --json "$LAB/empty"
json_is 'is none' .verdict '"none"'
head -c 300000 /dev/urandom >"$LAB/noise"
sed "s/^20[0-9-]* [0-9:]* example/1999-12-06 10:00:00 example/" "$LAB/unsigned" | lab_sign registrar demo "$REGISTRAR" >"$LAB/absurd"
exits 'a deadline of the last century' 0 check "$LAB/absurd"
tap_like 'is refused, and that is said' "$out" 'due +[^ ]+ \(policy\).*It states a date as its deadline that cannot be right'
exits 'as JSON' 0 check --json "$LAB/absurd"
json_is 'too' '[.deadline_source, .deadline_refused]' '["policy",true]'
exits 'noise' 1 check "$LAB/noise"
{ printf 'From: noreply@emailverification.info\nSubject: \000\377\n'; cat "$LAB/noise"; } >"$LAB/headed"
exits 'noise below a listed From' 1 check --json "$LAB/headed"
json_is 'is valid JSON all the same' '.verdict == "none"' false
{ sed '/^$/,$d' "$LAB/unsigned"; for ((i = 0; i < 1000; i++)); do echo 'X-Filler: x'; done; sed -n '/^$/,$p' "$LAB/unsigned"; } >"$LAB/many"
exits 'more headers than are read' 2 check "$LAB/many"
tap_like 'the daemon would leave it unjudged, and so it is said' "$err" 'headers past a limit'
sed '/^$/q' "$LAB/unsigned" >"$LAB/bodiless"
exits 'no body' 1 check "$LAB/bodiless"
sed '/^Subject/q' "$LAB/unsigned" | head -c -1 >"$LAB/torn"
exits 'torn off in its headers' 1 check "$LAB/torn"

# -- trouble
exits 'a file that is not there' 2 check "$LAB/nothing"
tap_like 'is named' "$err" "$LAB/nothing: No such file"
exits 'a folder' 2 check "$LAB"
tap_like 'is none' "$err" 'Is a directory'
truncate -s 65M "$LAB/huge"
exits 'a huge file' 2 check "$LAB/huge"
tap_like 'is too large' "$err" 'File too large'
kn_input=$LAB/huge
exits 'so is standard input' 2 check -
kn_input=/dev/null
rm "$LAB/huge"
if ((EUID != 0)); then
	chmod 0 "$LAB/plain"
	exits 'a file that may not be read' 2 check "$LAB/plain"
	chmod 600 "$LAB/plain"
else
	tap_skip 1 'root may read every file'
fi
exits 'no file' 2 check
exits 'two files' 2 check "$LAB/plain" "$LAB/genuine"
exits 'an option that is none' 2 check --verbose "$LAB/plain"
tap_is 'no output on trouble' "$out" ''
sqlite3 "$site_database" 'PRAGMA user_version = 4711'
exits 'a database of a later version' 2 check "$LAB/genuine"
tap_like 'with both versions' "$err" '4711.*[0-9]'
rm "$site_database"*
mkdir "$LAB/libexec"
cp "$builddir/progs/keepname-resolver" "$LAB/libexec/"
lab_keepname_conf "libexec_dir = \"$LAB/libexec\""
exits 'a program that is missing' 2 check "$LAB/genuine"
tap_like 'is named' "$err" "$LAB/libexec/keepname-judge"
exits 'which ordinary mail does not need' 1 check "$LAB/plain"
cp "$builddir/tests/judge/badjudge" "$LAB/libexec/badjudge"
printf '#!/bin/sh\nexec %s/badjudge crash\n' "$LAB/libexec" >"$LAB/libexec/keepname-judge"
chmod 755 "$LAB/libexec/keepname-judge"
exits 'a judge that crashes' 2 check "$LAB/genuine"
tap_like 'gives no verdict' "$out$err" 'the judge gave no answer'

# -- DNS
lab_keepname_conf "nameservers = {\"127.0.0.1@$(lab_port)\"}" 'dns_timeout = 2'
began=$SECONDS
exits 'DNS dead' 1 check --json "$LAB/genuine"
tap_ok 'is an answer in time' test $((SECONDS - began)) -le 8
json_is 'which is unproven, not forged' '[.verdict, .conditions.proved, (.reasons | contains(["dns"]))]' '["unproven","unknown",true]'
tap_end
