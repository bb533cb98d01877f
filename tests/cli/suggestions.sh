#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# keepname senders suggestions, accept, reject, and what the digest and the counters say of them.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/cli/site.sh
. "$srcdir/tests/cli/site.sh"

site_begin 120
now=$(date +%s)
first=$((now - 86400))
at() { date -u -d "@$((now + $1 * 86400 + 3600))" +%FT%TZ; }
open_ids() { ask "SELECT group_concat(id) FROM (SELECT id FROM suggestion WHERE state = 'open' ORDER BY id)"; }
state_of() { ask "SELECT state FROM suggestion WHERE address = '$1' LIMIT 1"; }

exits 'without a database: trouble' 2 senders suggestions
site_records </dev/null
exits 'none' 0 senders suggestions
tap_is 'which is said' "$out" 'There is nothing to decide about.'
exits 'none as JSON' 0 senders suggestions --json
json_is 'is an empty list' . '[]'
exits 'the digest has no section' 0 digest
tap_unlike 'really not' "$out" 'DECIDE'

unlisted='verdict=unlisted|pending=no|reasons=not-listed|offer=sender'
shop='from=Domains@Shop.example|org=shop.example|d=shop.example|s=s1|platform=key-systems|links=emailverification.info /?trigger=*'
known='verdict=known|pending=review|reasons=links|offer=links|from=noreply@emailverification.info|sender=key-systems|org=emailverification.info|d=emailverification.info|s=demo'
site_records <<-END
	at=$first|$unlisted|$shop|to=a@example.com,b@example.com|domains=one.example|deadline=$(at 5)
	at=$now|$unlisted|$shop|to=a@example.com|domains=one.example,two.example|class=renewal
	at=$now|$known|to=a@example.com|domains=three.example|links=new.verify.example /raa/*|deadline=$(at 2)
	at=$now|$unlisted|from=a@gmail.com|org=gmail.com|d=gmail.com|s=20|to=a@example.com|links=click.example;emailverificatlon.info /x;a.example /1;b.example /1;c.example /*
	at=$now|$known|to=a@example.com|links=co.uk /v
END

# -- suggestions
exits 'suggestions' 0 senders suggestions
text=$out
tap_like 'the most urgent comes first' "$text" '^#2 link new\.verify\.example /raa/\*'
tap_like 'what' "$text" '#1 sender domains@shop\.example'
tap_like 'why' "$text" 'why +reads like registrar mail, is signed by its own domain, not on the list'
tap_like 'classes and how often' "$text" 'classes +renewal \(1\), verification \(1\)'
tap_like 'whose signature' "$text" 'signed by +d=shop\.example s=s1'
tap_like 'the platform' "$text" 'platform +key-systems'
tap_like 'the shape of its links' "$text" 'links +emailverification\.info /\?trigger=\*'
tap_like 'the domains' "$text" 'domains +2: one\.example, two\.example'
tap_like 'how often and since when' "$text" "seen +2 mails to 2 recipients, since $(date -u -d "@$first" +%F), last $(date -u -d "@$now" +%F)"
tap_like 'what to type' "$text" 'accept +keepname senders accept 1'
tap_like 'and what else' "$text" 'reject +keepname senders reject 1'
tap_like 'a link names its sender' "$text" 'sender +key-systems'
tap_like 'risk: a free mail provider' "$text" 'risk +Anybody can have an address at this domain\.'
tap_like 'risk: a name that looks like a listed one' "$text" 'risk +A name in it looks like'
tap_like 'risk: many hosts' "$text" 'risk +Links of several platforms or to many hosts'
tap_like 'risk: links that cannot be accepted' "$text" 'closed +click\.example'
tap_like 'risk: nothing but a code in the path' "$text" 'risk +A link of which nothing but a code'
exits 'as JSON' 0 senders suggestions --json
json_is 'the keys' '.[0] | keys | join(" ")' \
	'"classes closed_links confidence deadline decided_at dkim domain_count domains first_seen from id kind last_seen link links mails platforms recipients risks sender state"'
json_is 'a sender' '.[] | select(.id == 1) | [.kind, .from, .sender, .link, .dkim, .platforms, .domain_count, .mails, .recipients, .confidence, .risks]' \
	'["sender","domains@shop.example",null,null,[{"d":"shop.example","s":"s1"}],["key-systems"],2,2,2,"B",[]]'
json_is 'a link' '.[] | select(.id == 2) | [.kind, .from, .sender, .link, .state]' \
	'["link","noreply@emailverification.info","key-systems","new.verify.example /raa/*","open"]'
json_is 'a host that the entry does not name' '.[] | select(.id == 2) | [.confidence, .risks]' '["C",["foreign-host","seen-once"]]'
json_is 'risks by name' '.[] | select(.from == "a@gmail.com") | .risks' \
	'["freemail","lookalike","many-shapes","other-links","closed-links","broad-link","seen-once"]'

# -- digest and counters
exits 'the digest has them' 0 digest
tap_like 'counted' "$out" 'SENDERS TO DECIDE ABOUT \(4\)'
tap_like 'with the command' "$out" 'keepname senders accept 1, or reject 1'
tap_like 'and their risks' "$out" 'risk +Anybody can have an address'
exits 'stats' 0 stats
tap_like 'counts those made' "$out" 'suggestion\.made +4'

# -- accept, a sender
exits 'nobody to be asked' 2 senders accept 1
tap_like 'then --yes is needed' "$err" '--yes'
tap_is 'nothing was done' "$(state_of domains@shop.example) $(ask "SELECT count(*) FROM sender WHERE origin = 'local'")" 'open 0'
exits 'a look first' 0 senders accept 1 --dry-run
tap_like 'the stanza as it will be' "$out" $'\nSender: shop\\.example\nFrom: domains@shop\\.example\nPlatform: key-systems\nClasses: verification, renewal\nLast-Seen: '
tap_unlike 'links of the platform are its own' "$out" 'Link:'
tap_like 'what it means' "$out" 'Whoever holds a DKIM key of shop\.example can then send genuine mail'
tap_like 'SPF too' "$out" 'SPF record'
tap_like 'its confidence' "$out" 'Confidence B\.'
tap_like 'what mail would have got' "$out" 'Of the mail of the last 30 days 2 would have been genuine\.'
tap_is 'nothing was done' "$(state_of domains@shop.example)" open
exits 'fewer classes, another platform, a registrar' 0 senders accept 1 --dry-run --classes renewal --platform '' --registrar 'Shop Ltd' --name my-shop
tap_like 'as they were given' "$out" $'\nSender: my-shop\nFrom: domains@shop\\.example\nRegistrar: Shop Ltd\nClasses: renewal\nLink: emailverification\\.info /\\?trigger=\\*\n'
tap_like 'what then' "$out" '1 would have been genuine, 1 known \(class-sender\)'
exits 'a platform that is none' 2 senders accept 1 --yes --platform nowhere
tap_like 'the parser refuses it' "$err" 'suggestion:1:1: error: sender "shop\.example": there is no platform "nowhere"'
exits 'a name that is taken' 2 senders accept 1 --yes --name key-systems
exits 'a value cannot bring a line' 2 senders accept 1 --yes --registrar $'x\nStatus: disabled'
# A terminal is asked.
on_terminal() { # ANSWER ARGUMENT...
	local answer=$1 command
	shift
	command=$(printf '%q ' "$builddir/progs/keepname" -c "$LAB/keepname/keepname.conf" "$@")
	rc=0
	printf '%s\n' "$answer" | script -qec "$command" /dev/null >"$LAB/out" 2>&1 || rc=$?
	out=$(tr -d '\r' <"$LAB/out")
}
if command -v script >/dev/null; then
	on_terminal n senders accept 1
	tap_like 'on a terminal it asks' "$out" 'Accept it\? \[y/N\]'
	tap_is 'no is no' "$rc $(state_of domains@shop.example)" '1 open'
	on_terminal '' senders accept 1
	tap_is 'nothing is no' "$rc $(state_of domains@shop.example)" '1 open'
	on_terminal y senders accept 1 --name by-hand
	tap_is 'yes is yes' "$rc $(state_of domains@shop.example)" '0 accepted'
	lab_keepname senders remove by-hand
	sqlite3 "$site_database" "UPDATE suggestion SET state = 'open', decided_at = 0 WHERE id = 1"
else
	tap_skip 4 'no script(1) here'
fi
SUDO_USER=bob exits 'accept' 0 senders accept 1 --yes
tap_like 'says what it did' "$out" 'added shop\.example$'
actor=$([[ $EUID == 0 ]] && echo bob || id -un)
tap_is 'it is an entry' "$(ask "SELECT origin, address FROM sender WHERE name = 'shop.example'")" 'local|domains@shop.example'
tap_is 'who did it is on record' "$(ask "SELECT actor FROM event WHERE kind = 'suggestion.accepted' AND sender = 'domains@shop.example' ORDER BY id DESC LIMIT 1")" "$actor"
kn senders show shop.example
tap_like 'and in the entry' "$out" "Note: Accepted on $(date -u +%F) by $actor, after 2 mails to 2 recipients"
tap_is 'it is suggested no more' "$(state_of domains@shop.example)" accepted
exits 'once is enough' 1 senders accept 1 --yes
exits 'nor can it be rejected' 1 senders reject 1
tap_like 'the way is said' "$err" 'senders remove'

# -- accept, a link of a shipped sender
exits 'a look first' 0 senders accept 2 --dry-run
tap_like 'the link' "$out" $'Link-For: key-systems\nLink: new\\.verify\\.example /raa/\\*\n'
tap_like 'of whom' "$out" 'beside the links of key-systems, which is shipped'
tap_like 'and what mail would have got' "$out" '2 would have been genuine, where all of its links are accepted\.'
exits 'it has no fields of a sender' 2 senders accept 2 --yes --platform key-systems
exits 'accept' 0 senders accept '#2' --yes
tap_like 'says what it did' "$out" 'added to key-systems$'
kn senders show key-systems
tap_like 'the entry shows it, beside its own' "$out" $'\nLink-For: key-systems\nLink: new\\.verify\\.example /raa/\\*\n'
tap_is 'no copy of the entry was made' "$(ask "SELECT group_concat(name) FROM sender WHERE origin = 'local'")" shop.example
site_records </dev/null
kn senders show key-systems
tap_like 'a new shipped list leaves it' "$out" 'Link-For: key-systems'
exits 'a public suffix is refused' 1 senders accept 4 --yes
tap_like 'with the reason' "$err" 'public suffix'
exits 'take it back' 0 senders remove key-systems
kn senders show key-systems
tap_unlike 'it is gone' "$out" 'Link-For'
tap_like 'the entry is not' "$out" '^Sender: key-systems'
exits 'once more' 1 senders remove key-systems
exits 'links alone' 1 senders remove --links key-systems
tap_like 'there are none' "$err" 'no links of your own'

# -- reject
exits 'reject, by address' 0 senders reject A@Gmail.com
tap_is 'says so' "$out" 'rejected #3 a@gmail.com'
site_records <<-END
	at=$now|$unlisted|from=a@gmail.com|org=gmail.com|d=gmail.com|s=20|to=c@example.com
END
exits 'it is not suggested again' 0 senders suggestions
tap_unlike 'really not' "$out" gmail
exits 'but shown with all' 0 senders suggestions --all
tap_like 'as what it is' "$out" '#3 sender a@gmail\.com \(rejected\)'
exits 'reject it again' 1 senders reject 3
exits 'it can be accepted by name' 0 senders accept a@gmail.com --yes --classes verification
tap_like 'with the warning' "$out" 'Risk \(freemail\)'
exits 'reject nobody' 1 senders reject nobody@example.com
exits 'accept nobody' 1 senders accept 4711 --yes

# -- a shared domain: the person says that the host is none of the others'
site_records <<-END
	at=$now|verdict=known|pending=review|reasons=link-evidence|offer=links|from=no-reply@registrar.amazon.com|sender=$(ask "SELECT name FROM sender WHERE address = 'no-reply@registrar.amazon.com' OR address LIKE '%@registrar.amazon.com' LIMIT 1")|org=amazon.com|to=a@example.com|links=registrar.amazon.com /verify/*
END
id=$(ask "SELECT max(id) FROM suggestion")
exits 'a link on a shared domain is not simply accepted' 1 senders accept "$id" --yes
tap_like 'the reason and the way' "$err" 'also carries others.* pages.*--shared'
exits 'with --shared it is' 0 senders accept "$id" --yes --shared
tap_like 'and warned of' "$out" 'Risk \(shared-domain\)'

# -- hostile: control characters in everything
site_records <<-END
	at=$now|$unlisted|from=evil\\e[31m@evil.example|org=evil.example|d=\\e[2J.example|s=\\e]0;x|platform=\\e[7m|to=\\e[1m@example.com|domains=\\e[31m.example|links=\\e[0m.example /\\e[5m;\\e[6m.example|subject=\\e[31m
	at=$now|$known|to=a@example.com|links=\\e[31mx.example /v
END
exits 'hostile ones are shown' 0 senders suggestions --all
tap_is 'without their control characters' "$(LC_ALL=C tr -d '\12\40-\176\200-\377' <"$LAB/out" | wc -c)" 0
exits 'as JSON' 0 senders suggestions --all --json
json_is 'too' 'length > 5' true
tap_is 'without control characters' "$(LC_ALL=C tr -d '\12\40-\176\200-\377' <"$LAB/out" | wc -c)" 0
exits 'digest' 0 digest
tap_is 'likewise' "$(LC_ALL=C tr -d '\12\40-\176\200-\377' <"$LAB/out" | wc -c)" 0
for id in $(open_ids | tr ',' ' '); do
	exits "hostile #$id is not accepted" "$([[ $(ask "SELECT link FROM suggestion WHERE id = $id") ]] && echo 1 || echo 2)" senders accept "$id" --yes
	tap_is 'and its reason holds none' "$(LC_ALL=C tr -d '\12\40-\176\200-\377' <"$LAB/err" | wc -c)" 0
done

# -- more than the digest shows
for i in 1 2 3 4 5 6 7; do
	printf '%s\n' "at=$now|$unlisted|from=a@shop$i.example|org=shop$i.example|d=shop$i.example|s=s|to=a@example.com"
done >"$LAB/many"
kn_input=$LAB/many
site_records <"$LAB/many"
kn_input=/dev/null
exits 'the digest shows a few' 0 digest
tap_like 'and counts the others' "$out" 'and [0-9]+ more: keepname senders suggestions'
tap_is 'five of them' "$(grep -c 'keepname senders accept' "$LAB/out")" 5

# -- usage
exits 'suggestions takes no argument' 2 senders suggestions 1
exits 'accept takes one' 2 senders accept 1 2
exits 'reject takes one' 2 senders reject
tap_end
