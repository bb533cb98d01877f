#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# keepname pending, show, done, reopen, stats: order, filters, JSON, history, all or none.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/cli/site.sh
. "$srcdir/tests/cli/site.sh"

site_begin 95
now=$(date +%s)
first=$((now - 7200))
at() { date -u -d "@$((now + $1 * 86400 + 3600))" +%FT%TZ; } # in so many days and an hour

exits 'without a database: trouble' 2 pending
tap_like 'which says what is missing' "$err" 'no database yet'
tap_like 'and who makes it' "$err" 'keepname-milter'
exits 'done without a database: trouble' 2 'done' 1
tap_fails 'and makes none' test -e "$site_database"

site_records </dev/null
exits 'nothing is pending' 0 pending
tap_is 'and that is said' "$out" 'Nothing is pending.'
exits 'as JSON' 0 pending --json
json_is 'an empty array' . '[]'
exits 'stats of an empty database' 0 stats --json
json_is 'an empty object' . '{}'

site_records <<-END
	at=$first|domains=late.example|to=a@example.com|deadline=$(at 20)|registrar=Key-Systems GmbH|sender=key-systems|from=noreply@emailverification.info|subject=Grüße
	at=$first|domains=soon.example|to=a@example.com|deadline=$(at 2)|class=suspension|source=policy
	at=$first|domains=past.example|to=B@Example.com|deadline=$(at -3)|class=renewal|source=relative
	at=$first|to=a@example.com|class=transfer-out|subject=Transfer of something|id=<nodomain@x.example>
	at=$first|verdict=unproven|domains=review.example|to=a@example.com|deadline=$(at 5)|reasons=dkim-none,spf
	at=$first|verdict=known|domains=known.example|to=a@example.com|reasons=links
	at=$((first + 60))|domains=soon.example|to=a@example.com|deadline=$(at 4)|class=suspension
	at=$first|verdict=forged|pending=no|domains=forged.example|to=a@example.com
	at=$first|domains=closed.example|to=a@example.com|deadline=$(at 1)
END
id_of() { ask "SELECT id FROM pending WHERE domain = '$1'"; }
exits 'one is done' 0 'done' "$(id_of closed.example)"
tap_is 'and that says nothing' "$out$err" ''

# -- text
exits 'text' 0 pending
domains() { awk 'NR > 1 { print $NF == "" ? "" : $(NF - 1) }' <<<"$out" | tr '\n' ' '; }
tap_is 'most urgent first: held, then by date, those without one last' "$(domains)" \
	'soon.example past.example review.example late.example something known.example '
tap_like 'a deadline that is over' "$out" 'expired +3 days ago .*renewal +past\.example \(b@example\.com\)'
tap_like 'one that is near' "$out" 'held +in 3 days .*suspension'
tap_like 'the subject where no domain is named' "$out" 'no date .* Transfer of something '
tap_unlike 'no colours where no terminal is' "$out" $'\033'

# -- JSON
exits 'JSON' 0 pending --json
json_is 'is an array' 'type' '"array"'
json_is 'in the same order' '[.[].domain]' \
	'["soon.example","past.example","review.example","late.example",null,"known.example"]'
json_is 'with these keys, all of them everywhere' '[.[] | keys] | unique' \
	'[["class","days_left","deadline","deadline_source","domain","first_seen","id","last_seen","mails","ours","proved","recipient","registrar","snoozed_until","state"]]'
json_is 'ids are numbers' '[.[].id | type] | unique' '["number"]'
json_is 'states' '[.[].state]' '["held","expired","review","open","open","review"]'
json_is 'classes' '[.[].class]' '["suspension","renewal","verification","verification","transfer-out","verification"]'
json_is 'the earlier deadline stays, and its source' '.[0] | [.deadline, .deadline_source, .mails]' "[\"$(at 2)\",\"policy\",2]"
json_is 'days left' '[.[].days_left]' '[3,-3,6,21,null,null]'
json_is 'no date is null' '.[4] | [.deadline, .deadline_source]' '[null,null]'
json_is 'recipients are in lower case' '.[1].recipient' '"b@example.com"'
json_is 'registrar or null' '[.[3].registrar, .[0].registrar]' '["Key-Systems GmbH",null]'
json_is 'ours' '[.[].ours] | unique' '["unset"]'
json_is 'times are RFC 3339 UTC' '.[0] | [.first_seen, .last_seen]' \
	"[\"$(date -u -d "@$first" +%FT%TZ)\",\"$(date -u -d "@$((first + 60))" +%FT%TZ)\"]"

exits 'what is past its deadline' 0 pending --state expired --json
json_is 'is expired, for those who only look too' '[.[].domain]' '["past.example"]'

# -- filters
exits '--due' 0 pending --due 5 --json
json_is 'those with a deadline within so many days' '[.[].domain]' '["soon.example","past.example"]'
exits '--due takes in the day itself' 0 pending --due 6 --json
json_is 'review too' '[.[].domain]' '["soon.example","past.example","review.example"]'
exits '--due 0: what is over' 0 pending --due 0 --json
json_is 'is past' '[.[].domain]' '["past.example"]'
exits '--state review' 0 pending --state review --json
json_is 'only those' '[.[].domain]' '["review.example","known.example"]'
exits '--state done' 0 pending --json --state 'done'
json_is 'only that' '[.[] | [.domain, .state]]' '[["closed.example","done"]]'
exits 'two states' 0 pending --state 'done' --state review --json
json_is 'are both shown' '[.[].state] | unique' '["done","review"]'
exits '--all' 0 pending --all --json
json_is 'everything' 'length' 7
exits 'a bad number of days' 2 pending --due soon
tap_like 'says what is expected' "$err" 'days is expected'
exits 'a bad state' 2 pending --state shut
tap_like 'says which there are' "$err" 'open, review, expired, held, done or resolved'
exits 'an unknown option' 2 pending --yesterday
exits 'an argument too many' 2 pending 1

# -- show
soon=$(id_of soon.example)
exits 'show' 0 show "$soon"
tap_like 'state, class, domain' "$out" $'state +held\nclass +suspension\ndomain +soon\\.example'
tap_like 'and how it came about' "$out" 'history'$'\n''.* opened +mail .*'$'\n''.* held +mail .*'$'\n''.* joined +mail '
exits 'show --json' 0 show --json "$soon"
json_is 'the keys of pending, and more' 'keys' \
	'["class","days_left","deadline","deadline_source","domain","events","first_seen","from","id","last_seen","mails","message_id","ours","proved","reasons","recipient","registrar","sender","snoozed_until","state","subject"]'
json_is 'events' '[.events[] | [.kind, .actor, (.at | length)]]' '[["opened","mail",20],["held","mail",20],["joined","mail",20]]'
kn show --json "$(id_of review.example)"
json_is 'why it is to be reviewed' '.reasons' '"dkim-none, spf"'
kn show --json "$(id_of late.example)"
json_is 'sender, From and a subject that is not ASCII' '[.sender, .from, .subject]' '["key-systems","noreply@emailverification.info","Grüße"]'
exits 'show what is not there' 1 show 4711
exits 'show what is no number' 2 show soon.example
exits 'show nothing' 2 show

# -- done and reopen
review=$(id_of review.example) late=$(id_of late.example)
SUDO_USER=alice exits 'done, with a reason' 0 'done' --reason 'answered by phone' "$soon" "$review"
kn show --json "$soon"
json_is 'is in the history, with who did it and why' '[.state, (.events[-1] | .kind, .actor, .detail)]' \
	"[\"done\",\"done\",\"$([[ $EUID == 0 ]] && echo alice || id -un)\",\"answered by phone\"]"
exits 'all or none: one that is missing' 1 'done' "$late" 4711
tap_like 'is named' "$err" '4711'
kn show --json "$late"
json_is 'and the other is as before' '[.state, (.events | length)]' '["open",1]'
exits 'reopen' 0 reopen --reason 'it bounced' "$soon"
kn show --json "$soon"
json_is 'is open again' '[.state, .events[-1].kind]' '["open","reopened"]'
exits 'done twice' 0 'done' "$late" "$late"
exits 'what is done already' 0 'done' "$late"
kn show --json "$late"
json_is 'is one event' '[.events[].kind]' '["opened","done"]'
exits 'done without an id' 2 'done' --reason x
exits 'done with something else' 2 'done' "$late" all

# -- what came with the mail is shown, and does nothing else
site_records <<-END
	at=$first|domains=odd.example|to=$(printf '"\033[2J\377\302\205"@example.com')|id=$(printf '<\033c@odd.example>')
END
exits 'a recipient with control octets and no UTF-8' 0 pending
tap_like 'is shown' "$out" 'odd\.example \("\?\[2j\?\?"@example\.com\)'
exits 'shown alone' 0 show "$(id_of odd.example)"
tap_is 'without them' "$(LC_ALL=C tr -d '\t\n -~' <"$LAB/out" | wc -c)" 0
exits 'and as JSON' 0 pending --json
json_is 'is there' '[.[] | select(.domain == "odd.example") | .recipient | contains("@example.com")]' '[true]'
site_records <<-END
	at=$first|domains=nobody.example
END
kn pending --json
json_is 'no recipient is null' '[.[] | select(.domain == "nobody.example") | .recipient]' '[null]'

# -- stats
exits 'stats' 0 stats
tap_like 'counters by name' "$out" 'verdict\.genuine +8'
exits 'stats --json' 0 stats --json
json_is 'the same, for programs' '[."verdict.genuine", ."verdict.unproven", ."verdict.forged", ."class.suspension"]' '[8,1,1,2]'

# -- what is not ours
site_records <<-END
	at=$first|domains=foreign.example|to=a@example.com|deadline=$(at 0)|class=suspension|ours=no|id=<foreign@x.example>
END
exits 'one that is not ours, dark already and due today' 0 pending
tap_is 'is the last one all the same' "$(tail -n 1 <<<"$out" | grep -o 'foreign.*')" 'foreign.example (a@example.com) [not ours]'
exits 'as JSON' 0 pending --json
json_is 'likewise' '.[-1] | [.domain, .state, .ours]' '["foreign.example","held","no"]'
terminal() { script -qec "$(printf '%q ' "$builddir/progs/keepname" -c "$LAB/keepname/keepname.conf" "$@")" /dev/null </dev/null 2>&1 || true; }
shown=$(terminal pending)
tap_like 'what is urgent has a colour' "$shown" $'\033\\[31m[^\n]*soon\\.example'
tap_unlike 'this one has none' "$(grep foreign <<<"$shown")" $'\033'
tap_end
