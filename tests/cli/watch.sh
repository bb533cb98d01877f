#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# keepname watch against registries: name servers (NSD) of com and co.uk, and an RDAP server, each well
# and ill. What they say of a domain becomes its standing, alarms and the state of its pendings; what
# they fail to say changes nothing.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/cli/site.sh
. "$srcdir/tests/cli/site.sh"

unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY all_proxy ALL_PROXY
for program in nsd unbound python3; do
	command -v "$program" >/dev/null || tap_skip_all "$program is not installed (scripts/install-deps --tests)"
done

# -- registries

declare -A servers=()
export LAB_NSD_NAMES='one two'
# One that is served as the array says, by the server named or by both.
zone() {
	local name records=() only=${1-}
	for name in "${!servers[@]}"; do
		[[ $name != *.co.uk ]] || continue
		for server in ${servers[$name]}; do
			records+=("$name. IN NS $server.")
		done
	done
	for server in ${only:-one two}; do
		lab_nsd_zone "$server" com "${records[@]}"
	done
}
rdap() { # NAME [STATUS[,STATUS]...] [EXPIRES] [REGISTERED]
	local status=${2:-active}
	mkdir -p "$LAB/web/domain"
	jq -n --arg name "${1^^}" --arg status "$status" --arg expires "${3:-2099-01-01T00:00:00Z}" \
		--arg registered "${4:-2010-01-01T00:00:00Z}" '{objectClassName: "domain", ldhName: $name,
		status: ($status / ","), events: [{eventAction: "registration", eventDate: $registered},
		{eventAction: "expiration", eventDate: $expires}], entities: [{objectClassName: "entity",
		roles: ["registrar"], publicIds: [{type: "IANA Registrar ID", identifier: "269"}],
		vcardArray: ["vcard", [["version", {}, "text", "4.0"], ["fn", {}, "text", "Key-Systems GmbH"]]]}]}' \
		>"$LAB/web/domain/$1"
}

site_begin 108
LAB_NSD_PORT=$(lab_port)
lab_web registry
base=http://127.0.0.1:$LAB_WEB_PORT
registry=$LAB_WEB_PID
LAB_DNS_MORE="
stub-zone:
  name: \"com.\"
  stub-addr: 127.0.0.2@$LAB_NSD_PORT
stub-zone:
  name: \"uk.\"
  stub-addr: 127.0.0.2@$LAB_NSD_PORT
stub-zone:
  name: \"co.uk.\"
  stub-addr: 127.0.0.2@$LAB_NSD_PORT"
LAB_DNS_PORT=
lab_dns 'ns.one.test. 5 IN A 127.0.0.2' 'ns.two.test. 5 IN A 127.0.0.3'
lab_dns_start

# The programs as they are, but for the port at which registries' name servers are asked.
mkdir -m 755 "$LAB/libexec"
cp "$builddir"/progs/keepname-{resolver,judge,listener} "$LAB/libexec"
printf '#!/bin/sh\nexec "%s" -p %s\n' "$builddir/progs/keepname-inquirer" "$LAB_NSD_PORT" >"$LAB/libexec/keepname-inquirer"
chmod 755 "$LAB/libexec/keepname-inquirer"

bootstrap() { # [LABEL PATH]...: com and uk as they should be, others at a path of the server
	{
		printf '{"version": "1.0", "publication": "2026-11-01T00:00:00Z", "services": [[["com", "uk"], ["%s/"]]' "$base"
		while (($#)); do
			printf ', [["%s"], ["%s/%s/"]]' "$1" "$base" "$2"
			shift 2
		done
		printf ']}'
	} >"$LAB/rdap.json"
}
bootstrap
# shellcheck disable=SC2016 # the script's own word
printf '#!/bin/sh\necho a mail >>"%s/mails"\ncat >>"%s/mails"\n' "$LAB" "$LAB" >"$LAB/bin/sendmail"
chmod 755 "$LAB/bin/sendmail"
: >"$LAB/mails"
conf() {
	lab_keepname_conf "libexec_dir = \"$LAB/libexec\"" "rdap_bootstrap = \"$LAB/rdap.json\"" \
		"rdap_pace = ${1-0}" "watch_time = ${2-60}" 'digest_to = "admin@elsewhere.example"' \
		"sendmail = \"$LAB/bin/sendmail\"" "digest_hour = $site_hour"
}
conf

own() { sqlite3 "$site_database" "INSERT INTO owned VALUES ('$1', 'added', 1)"; }
standing() { ask "SELECT standing || ' ' || causes FROM watched WHERE domain = '$1'"; }
alarms() { ask "SELECT group_concat(kind || ' ' || domain, ', ') FROM (SELECT * FROM alarm WHERE ended_at = 0 AND domain LIKE '%${1-}%' ORDER BY kind, domain)"; }
state() { ask "SELECT group_concat(state) FROM pending WHERE domain = '$1'"; }

# -- nothing there yet
exits 'without a database: trouble' 2 watch
tap_like 'which says what is missing' "$err" 'no database yet'
site_records </dev/null
zone
for server in one two; do
	lab_nsd_zone $server uk "co.uk. IN NS ns.one.test." "co.uk. IN NS ns.two.test."
	lab_nsd_zone $server co.uk 'deep.co.uk. IN NS ns.deep.co.uk.' 'ns.deep.co.uk. IN A 192.0.2.1'
done
lab_nsd one 127.0.0.2 com uk co.uk
lab_nsd two 127.0.0.3 com uk co.uk
exits 'nothing to be watched' 0 watch
tap_is 'says nothing' "$out$err" ''
exits 'nothing is known' 0 watch --list
tap_is 'which is said' "$out" 'Nothing has been looked at.'
exits 'as JSON' 0 watch --json
json_is 'an empty array' . '[]'

# -- all is well
now=$(date +%s)
# The day's digest has been sent.
sqlite3 "$site_database" "INSERT INTO run (name, at, good_at, detail) VALUES ('digest', $now, $now, '')"
deadline=$(date -u -d '+9 days' +%FT%TZ)
site_records <<-END
	at=$((now - 86400))|domains=held.com|to=a@example.com|deadline=$deadline
	at=$((now - 86400))|verdict=unproven|domains=swap.com|to=a@example.com|deadline=$deadline|reasons=dkim-none
	at=$((now - 86400))|domains=mailheld.com|to=a@example.com|deadline=$deadline|class=suspension
END
for name in held swap mailheld ours moved gone expiring transfer; do
	servers[$name.com]="ns1.$name.com ns2.hoster.net"
	rdap "$name.com"
done
for name in ours.com moved.com gone.com expiring.com transfer.com deep.co.uk; do own "$name"; done
rdap deep.co.uk
rdap expiring.com active "$(date -u -d '+20 days' +%FT%TZ)"
zone
exits 'a run' 0 watch
tap_like 'what expires soon is said' "$out" '^expiring +expiring\.com \(ours\) .*ends soon'
tap_is 'and nothing else' "$(wc -l <<<"$out")" 1
tap_is 'one is fine' "$(standing held.com)" 'fine '
tap_is 'one under co.uk, too' "$(standing deep.co.uk)" 'fine '
own mail.held.com
exits 'what is known, with a name below one of them that is ours' 0 watch --list --json
json_is 'is ours too, as everywhere' '[.[] | select(.ours).domain | select(. == "held.com" or . == "swap.com")]' '["held.com"]'
sqlite3 "$site_database" "DELETE FROM owned WHERE name = 'mail.held.com'"
tap_is 'no alarm' "$(alarms)" ''
exits 'the listing' 0 watch --list --json
json_is 'has what the zone and the registry say' '.[] | select(.domain == "held.com") |
	[.standing, .known, .causes, .servers, .registrar, .iana_id, .registered_at, .expires_at, .statuses, .trouble, .ours]' \
	'["fine","fine",[],["ns1.held.com","ns2.hoster.net"],"Key-Systems GmbH",269,"2010-01-01T00:00:00Z","2099-01-01T00:00:00Z",["active"],null,false]'
json_is 'and whose it is' '[.[] | select(.ours) | .domain] | sort' \
	'["deep.co.uk","expiring.com","gone.com","moved.com","ours.com","transfer.com"]'
tap_is 'the run is noted as good' "$(ask "SELECT at = good_at AND at > 0 FROM run WHERE name = 'watch'")" 1

# -- everything happens
tap_is 'a suspension mail has made a pending held' "$(state mailheld.com)" held
unset 'servers[held.com]' 'servers[gone.com]'
servers[swap.com]='ns1.emailverification.info ns2.emailverification.info'
servers[moved.com]='ns1.elsewhere.net'
zone
rdap held.com 'client hold'
rdap transfer.com 'pending transfer,client transfer prohibited'
rm "$LAB/web/domain/gone.com"
exits 'looked at, nothing written' 0 watch --dry-run --json
json_is 'what would be found' '[.[] | select(.alarm == "raised") | .domain] | sort' \
	'["gone.com","held.com","moved.com","swap.com","transfer.com"]'
tap_is 'nothing was written' "$(alarms)$(standing held.com)" 'fine '
exits 'a run' 0 watch
tap_is 'alarms, each of its kind' "$(alarms)" \
	'delegation moved.com, gone gone.com, held held.com, held swap.com, transfer transfer.com'
tap_is 'they are mailed at once, in one mail' "$(grep -c '^a mail$' "$LAB/mails") $(grep -c '^To:.*admin@elsewhere.example' "$LAB/mails")" '1 1'
tap_like 'which names them' "$(<"$LAB/mails")" 'held\.com'
tap_is 'on hold by the registrar' "$(standing held.com)" 'held client-hold,dark'
tap_is 'on hold by its name servers, though the registry shows nothing' "$(standing swap.com)" 'held hold-servers,other-servers'
tap_is 'gone' "$(standing gone.com)" 'gone not-registered,dark'
tap_is 'moved' "$(standing moved.com)" 'delegation other-servers'
tap_is 'in transfer' "$(standing transfer.com)" 'transfer pending-transfer'
tap_is 'its pending is held' "$(state held.com)" held
tap_is 'also one that was to be reviewed' "$(state swap.com)" held
tap_like 'the alarm says why' "$(ask "SELECT detail FROM alarm WHERE domain = 'held.com'")" 'clientHold.*before: ns1\.held\.com ns2\.hoster\.net'
tap_like 'the pending too' "$(ask "SELECT detail FROM event WHERE kind = 'held' AND actor = 'watch' LIMIT 1")" 'clientHold|notice page'
tap_like 'a person reads it' "$out" 'held +held\.com  since .*on hold \(clientHold\)'
tap_is 'what a mail had told of is not taken back by one look' "$(state mailheld.com)" held

exits 'once more' 0 watch
tap_is 'no alarm twice' "$(ask 'SELECT count(*) FROM alarm')" 5
tap_is 'and no second mail' "$(grep -c '^a mail$' "$LAB/mails")" 1
exits 'asked about one that is held: the answer is no' 1 watch held.com
exits 'about one that is fine: yes' 0 watch ours.com
tap_like 'it is said, too' "$out" '^fine +ours\.com \(ours\)'

# -- nobody answers
before=$(ask 'SELECT group_concat(domain || standing || causes || servers) FROM watched')
sqlite3 "$site_database" "UPDATE run SET good_at = 1 WHERE name = 'watch'"
lab_nsd_stop one
lab_nsd_stop two
lab_stop "$registry"
exits 'no zone and no registry answers: trouble' 2 watch
tap_is 'nothing is taken back' "$(ask 'SELECT group_concat(domain || standing || causes || servers) FROM watched')" "$before"
tap_is 'no alarm comes or goes' "$(ask 'SELECT count(*), sum(ended_at) FROM alarm')" '5|0'
tap_is 'no pending moves' "$(state held.com)" held
tap_like 'each is unknown, with what was known' "$out" 'unknown +held\.com.*last known: held'
tap_is 'the run is no good one' "$(ask "SELECT good_at FROM run WHERE name = 'watch'")" 1
lab_nsd_run one
lab_nsd_run two
rm -f "$LAB/log/registry.port"
lab_web registry
base=http://127.0.0.1:$LAB_WEB_PORT
bootstrap

# -- it ends
servers[held.com]='ns2.hoster.net ns1.held.com'
servers[swap.com]='ns1.swap.com ns2.hoster.net'
servers[moved.com]='ns1.moved.com ns2.hoster.net'
servers[gone.com]='ns1.gone.com ns2.hoster.net'
zone
rdap held.com
rdap gone.com
rdap transfer.com
exits 'all is well again' 0 watch --json
json_is 'whose alarms end' '[.[] | select(.alarm == "ended") | .domain] | sort' \
	'["gone.com","held.com","moved.com","swap.com","transfer.com"]'
tap_is 'no alarm stands' "$(alarms)" ''
tap_is 'the pending is resolved' "$(state held.com)" resolved
tap_is 'that of the swapped name, too' "$(state swap.com)" resolved
tap_is 'its history says both' "$(ask "SELECT group_concat(kind, ' ') FROM event WHERE domain = 'held.com' AND actor = 'watch'")" \
	'standing servers registrar alarm standing servers alarm-ended standing servers'

# -- name servers that disagree, or are no use
unset 'servers[ours.com]'
zone two
exits 'one server alone says that there is no such name' 2 watch ours.com
tap_like 'they disagree' "$out" 'unknown +ours\.com.*disagree'
tap_is 'which is no hold' "$(standing ours.com) $(alarms ours.com)" 'fine  '
lab_nsd_stop one
exits 'only that one answers' 2 watch ours.com
tap_is 'which is no hold either' "$(standing ours.com)" 'fine '
lab_nsd_run one
for mode in silent servfail nxdomain; do
	lab_nsd_stop two
	lab_nsd_bad $mode 127.0.0.3
	exits "one server is well, one is $mode" 0 watch ours.com
	tap_is "and the one is enough to see that all is well ($mode)" "$(standing ours.com)" 'fine '
	lab_stop "$LAB_BADDNS_PID"
	lab_nsd_run two
done
servers[ours.com]='ns1.ours.com ns2.hoster.net'
zone

# -- registries that misbehave
mkdir -p "$LAB/web/other/domain" "$LAB/web/text/domain"
faults=(err 'status/500' loop 'loop/0' tofile tofile giant 'giant/99999999' deep 'deep/100000' garbage garbage cut cut
	wrong other text text slow drip silent silent)
labels=()
for ((i = 0; i < ${#faults[@]}; i += 2)); do
	name=${faults[i]}.com
	labels+=("$name" "${faults[i + 1]}")
	servers[$name]="ns1.$name"
	rdap "$name" 'client hold'
	own "$name"
done
cp "$LAB/web/domain/err.com" "$LAB/web/other/domain/wrong.com"
printf 'no JSON' >"$LAB/web/text/domain/text.com"
servers[patience.com]=ns1.patience.com
rdap patience.com
own patience.com
zone
bootstrap "${labels[@]}" patience.com times/2/429/1
exits 'registries that misbehave' 0 watch --json
for ((i = 0; i < ${#faults[@]}; i += 2)); do
	name=${faults[i]}.com
	json_is "${faults[i]}: no value is made of it" ".[] | select(.domain == \"$name\") | [.standing, .registrar, .expires_at, (.trouble | length > 0)]" \
		'["fine",null,null,true]'
done
json_is '429 and then an answer: asked again, after as long as it says' '.[] | select(.domain == "patience.com") | [.standing, .iana_id, .trouble]' '["fine",269,null]'
tap_is 'which were three questions' "$(grep -c 'times/2/429/1/domain/patience.com' "$LAB/log/registry.requests")" 3
times=$(grep 'times/2' "$LAB/log/registry.requests" | cut -d' ' -f1 | awk 'NR > 1 && $1 - last < 1000 { bad = 1 } { last = $1 } END { print bad + 0 }')
tap_is 'each a second after the one before' "$times" 0

# -- one that wants to be left alone for longer
bootstrap "${labels[@]}" patience.com retry/429/7200
exits 'for two hours' 0 watch patience.com
tap_like 'it is said' "$out" 'patience\.com.*left alone until'
asked=$(grep -c patience "$LAB/log/registry.requests")
exits 'the next run' 0 watch patience.com
tap_is 'does not ask it' "$(grep -c patience "$LAB/log/registry.requests")" "$asked"

# -- paced
conf 200
bootstrap
for i in 1 2 3 4; do
	servers[pace$i.com]="ns1.pace$i.com"
	rdap pace$i.com
done
zone
kn watch pace1.com pace2.com pace3.com pace4.com
times=$(grep 'domain/pace' "$LAB/log/registry.requests" | cut -d' ' -f1 | awk 'NR > 1 && $1 - last < 190 { bad = 1 } { last = $1 } END { print NR, bad + 0 }')
tap_is 'no two questions to a registry within rdap_pace' "$times" '4 0'

# -- more than there is time for
conf 2000 5
late=(late1.com late2.com late3.com late4.com)
for name in "${late[@]}"; do
	servers[$name]="ns1.$name"
	rdap "$name"
done
zone
exits 'more registries than there is time for' 0 watch --json "${late[@]}"
json_is 'their zones have been looked at all the same' '[.[].standing] | unique' '["fine"]'
json_is 'it is said which were not asked' '[.[] | select(.trouble != null) | .trouble] | unique' \
	'["the time of this run was over before its registry was asked"]'
kn watch "${late[@]}"
tap_is 'the next run begins with those' "$(grep -o 'domain/late[0-9]' "$LAB/log/registry.requests" | head -n 4 | sort -u | wc -l)" 4
conf

# -- killed in between
conf 1000
killed=(kill1.com kill2.com kill3.com)
for name in "${killed[@]}"; do
	servers[$name]="ns1.$name"
	rdap "$name"
done
zone
"$builddir/progs/keepname" -c "$LAB/keepname/keepname.conf" watch "${killed[@]}" </dev/null >"$LAB/log/killed" 2>&1 &
watch=$!
disown
lab_remember "$watch"
lab_await -p "$watch" -m 'the second question' text "$LAB/log/registry.requests" domain/kill2.com
lab_kill "$watch"
tap_is 'killed -9 after the second question: the first is written down' "$(standing kill1.com) $(ask 'PRAGMA integrity_check')" 'fine  ok'
: >"$LAB/log/registry.requests"
exits 'the next run' 0 watch "${killed[@]}"
tap_like 'begins with one that was not' "$(grep -o 'domain/kill[0-9]' "$LAB/log/registry.requests" | head -n 1)" 'kill[23]'
conf

# -- the bootstrap file
cp "$LAB/rdap.json" "$LAB/web/boot"
exits 'a bootstrap file from a server' 0 watch --bootstrap "$base/boot"
tap_like 'how many it knows is said' "$out" '2 top-level domains, published 2026-11-01'
for bad in '{}' '{"services": []}' '{"services": [[["com"], ["ftp://x/"]]]}' '{"services": [[["com"]]]}' 'no JSON'; do
	printf '%s' "$bad" >"$LAB/bad"
	exits "refused: $bad" 2 watch --bootstrap "$LAB/bad"
done
exits 'refused: too large' 2 watch --bootstrap "$base/giant/99999999"
exits 'refused: an error' 2 watch --bootstrap "$base/status/500/boot"
tap_ok 'the one in place stays' cmp "$LAB/rdap.json" "$LAB/web/boot"

# -- senders' names
bootstrap info senders
mkdir -p "$LAB/web/senders/domain"
rdap emailverification.info active 2099-01-01T00:00:00Z "$(date -u +%FT%TZ)"
mv "$LAB/web/domain/emailverification.info" "$LAB/web/senders/domain/"
exits 'a run with time to spare' 0 watch
tap_is 'when the name of a sender was registered' "$(ask "SELECT registered_at > $now - 60 FROM registered WHERE name = 'emailverification.info'")" 1
kn senders test
tap_like 'senders test warns of a name registered after it was seen' "$out" '"emailverification\.info" was registered after Last-Seen'
tap_end
