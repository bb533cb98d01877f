#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A judge taken over by whoever wrote the message, behind the real listener: the real judge's main, zygote
# and seal, with an attacker's code where the message is parsed (tests/faults/takenover.c). Each attempt is a
# message of its own: on files, programs, network, other processes and messages, memory, its own seal; and on
# the listener, by what it says and does not say. That the attempts on the system work without a seal is
# shown by tests/judge/seal.c.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
# shellcheck source=tests/faults/site.sh
. "$srcdir/tests/faults/site.sh"

mapfile -t attempts < <("$builddir/tests/faults/attempts_list")
faults_lab $((${#attempts[@]} + 45))

mkdir "$LAB/libexec"
cp "$builddir"/progs/keepname-{listener,resolver} "$LAB/libexec/"
cp "$builddir/tests/faults/takenover" "$LAB/libexec/keepname-judge"
chmod 755 "$LAB/libexec/keepname-judge"
lab_keepname_conf "libexec_dir = \"$LAB/libexec\"" 'dns_timeout = 1'
lab_keepname_start
listener=$(part listener) judge=$(part judge) log=$LAB/log/keepname.log

# of ATTACK [MAIL]: the mail that has its judge taken over so.
of() {
	printf 'Attack: %s\n' "$1"
	cat "${2-$LAB/mail}"
}
# What the log says of it since the line numbered $1, but for times and ids.
said() { tail -n "+$(($1 + 1))" "$log" | { grep -oE ' (verdict|why|domain|proof)=[^ ]*' || true; } | tr -d '\n' | sed 's/^ //'; }
# attack KEY ATTACK [MAIL]: what the mail is answered, in $word, and what the log says, in $heard.
attack() {
	local lines
	lines=$(wc -l <"$log")
	of "$2" "${3-$LAB/mail}" >"$LAB/attack.$1"
	word=$(one_word "$1" "$LAB/attack.$1")
	heard=$(said "$lines")
}
records() { sqlite3 -readonly "$LAB/keepname/keepname.db" 'SELECT count(*) FROM message'; }
files() { find "/proc/$listener/fd" -mindepth 1 | wc -l; }

# -- on the system. Whose attempt is deadly has its line by the zygote, sooner or later.
deadly=0
for line in "${attempts[@]}"; do
	read -r number want name <<<"$line"
	attack "system.$number" "$number"
	if [[ $want == deadly ]]; then
		deadly=$((deadly + 1))
		tap_is "$name: ends the judge" "$word $heard" 'none verdict=unjudged why=gone'
	else
		tap_is "$name: $want" "$word $heard" "unproven verdict=unproven domain=$want.example"
	fi
done
tap_ok 'those that were ended were ended by their seal' \
	lab_await -m 'the lines of the zygote' text -n "$deadly" "$log" 'a judge was ended by signal 31'
tap_fails 'and nothing else was' grep -E 'ended by signal (30|[0-29]|[0-9])$' "$log"
tap_is 'of what they would have left, nothing is there' "$(compgen -G '/tmp/keepname-attempt*' || true)" ''

# -- other messages: 16 wait in judges of their own, a hundred came before, all with a mark
{
	echo 'Attack: say-nothing'
	cat "$LAB/mail"
	printf '\r\nSecretOfAnother\r\n'
} >"$LAB/marked"
attack marked search-own "$LAB/marked"
tap_is 'what is in memory is found' "$word $heard" 'unproven verdict=unproven domain=works.example'
courier waiting -n 16 -c 16 -m 1 "$LAB/marked" &
waiting=$!
sixteen_judges() {
	local tries
	for ((tries = 0; tries < 5000; tries++)); do
		(($(pgrep -c -P "$judge") < 16)) || return 0
	done
	return 1
}
tap_ok '16 messages have their judges' sixteen_judges
attack search search
tap_is 'what another message holds is not' "$word $heard" 'unproven verdict=unproven domain=refused.example'

# -- wearing out whoever waits: all at once, among them a message whose judge is well-behaved
before=$(files) began=$SECONDS
loads=("$waiting")
for how in use-all-memory spin never-read say-nothing ask-for-ever ask-and-hoard write-frames-for-ever giant-frame drip; do
	of "$how" >"$LAB/attack.$how"
	copies=2
	[[ $how != use-all-memory ]] || copies=1
	courier "$how" -n "$copies" -c 2 -m 1 "$LAB/attack.$how" &
	loads+=($!)
done
attack beside 0
tap_is 'beside them, others are judged' "$word" unproven
tap_ok 'at once' test $((SECONDS - began)) -le 4
wait "${loads[@]}"
for how in spin never-read say-nothing ask-for-ever ask-and-hoard write-frames-for-ever giant-frame; do
	tap_is "$how: the mail is delivered as it is" "$(words "$how" none)" 2
done
tap_is 'all memory: no more than LIMIT_JUDGE_MEMORY' \
	"$(words use-all-memory unproven) $(grep -c 'domain=refused.example.*msgid=use-all-memory' "$log")" '1 1'
tap_is 'where there is less than that, the kernel ends judges first, and nothing else for them' \
	"$(cat "/proc/$judge/oom_score_adj") $(cat "/proc/$listener/oom_score_adj")" "1000 $(cat /proc/self/oom_score_adj)"
tap_is 'a record octet by octet is a record' "$(words drip unproven)" 2
tap_is 'those that waited are delivered as they are' "$(words waiting none)" 16
tap_ok 'no longer than dns_timeout and what is allowed beyond' test $((SECONDS - began)) -le 12
attack after 0
tap_ok 'no descriptor is left open' test "$(files)" -le $((before + 4))

# -- lies. About mail that claims no listed sender, they are worth nothing.
sed 's/noreply@emailverification\.info/noreply@stranger.example/' "$LAB/mail" >"$LAB/stranger"
sed 's/noreply@emailverification\.info/noreply@emailverification.info.stranger.example/' "$LAB/mail" >"$LAB/near"
for mail in stranger near; do
	attack "lie.$mail" lie "$LAB/$mail"
	tap_unlike "all that is good, claimed for mail of a $mail sender: not genuine" "$word" '^(genuine|known)$'
done
grep -v '^From:' "$LAB/mail" >"$LAB/nobody"
{ grep -m 1 '^From:' "$LAB/mail"; cat "$LAB/mail"; } >"$LAB/twofold"
{ printf 'Reply-To: <other@stranger.example>\r\n'; cat "$LAB/mail"; } >"$LAB/elsewhere"
for mail in nobody twofold elsewhere; do
	attack "lie.$mail" lie "$LAB/$mail"
	tap_unlike "nor for mail with From or Reply-To of that kind: $mail" "$word" '^genuine$'
done
attack lie-late lie-late
tap_is 'taken over by the letter, it can claim no proof: that was said before' "$word $heard" 'unproven verdict=unproven domain=claimed.example'
for how in prove-again prove-nothing ask-late; do
	attack "$how" "$how"
	tap_is "nor say it again, nor leave it out, nor ask once more: $how" "$word $heard" 'none verdict=unjudged why=nonsense'
done
before=$(records)
attack lie-twice lie-twice
tap_is 'two records: the first alone is one' "$word $(($(records) - before))" 'genuine 1'
tap_is 'and it is bounded: the second is nowhere' \
	"$(sqlite3 -readonly "$LAB/keepname/keepname.db" "SELECT count(*) FROM pending WHERE domain = 'second.example'")" 0
attack lie-for-another lie-for-another
tap_is 'a record for another message is none' "$word $heard" 'none verdict=unjudged why=nonsense'
for i in {0..9}; do
	attack "lie.$i" "lie-out-of-range-$i"
	tap_is "a value out of range is none: $i" "$word $heard" 'none verdict=unjudged why=nonsense'
done

tap_is 'the daemon is the one that was started' "$(part listener) $(part judge)" "$listener $judge"
tap_is 'no boosted message lacks its record' "$(unrecorded)" ''
tap_end
