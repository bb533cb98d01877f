#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# keepname senders: the shipped list and the site's own entries, by options and as stanzas; errors with
# file, line and column; who changed what.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/cli/site.sh
. "$srcdir/tests/cli/site.sh"

site_begin 99
generation() { ask "SELECT value FROM meta WHERE key = 'generation'"; }
own() { jq -c '[.[] | select(.local) | .name]' < <(lab_keepname senders list --json); }

# -- before the daemon has made a database
exits 'without a database the shipped files are the list' 0 senders list --json
json_is 'and it is not short' 'length > 30' true
exits 'nothing can be added' 2 senders add --name mine --from a@reseller.example --classes renewal
tap_like 'because the daemon makes the database' "$err" 'keepname-milter'
tap_fails 'so none is made' test -e "$site_database"

site_records </dev/null

# -- list and show
exits 'list' 0 senders list
tap_like 'a line for each' "$out" 'enabled +shipped +key-systems +noreply@emailverification\.info +verification,suspension,'
tap_like 'a whole domain, which is off' "$out" 'disabled +shipped +key-systems-whole-domain +\*@emailverification\.info'
exits 'list --json' 0 senders --json list
json_is 'the keys' '[.[] | keys] | unique' \
	'[["classes","domain","enabled","from","last_seen","local","name","platform","registrar"]]'
json_is 'an entry' '.[] | select(.name == "key-systems") | [.from, .domain, .enabled, .local, .platform, .classes[0]]' \
	'["noreply@emailverification.info","emailverification.info",true,false,"key-systems","verification"]'
json_is 'a whole domain has no from' '.[] | select(.name == "key-systems-whole-domain") | [.from, .domain]' \
	'[null,"emailverification.info"]'
json_is 'one name, one entry' '([.[].name] | length) == ([.[].name] | unique | length)' true
exits 'show by name' 0 senders show key-systems
tap_like 'as it stands in a list, with its platform' "$out" $'^Sender: key-systems\n.*\nPlatform: key-systems\nLink:\n'
by_name=$out
exits 'show by address' 0 senders show NoReply@EmailVerification.Info
tap_is 'is the same' "$out" "$by_name"
exits 'show as JSON' 0 senders show key-systems --json
json_is 'one object' '[.name, .enabled]' '["key-systems",true]'
exits 'show what is not there' 1 senders show nobody
tap_like 'says so' "$err" '"nobody" is neither'
printf '%s\n' "$by_name" >"$LAB/shown.list"

# -- add by options
before=$(generation)
SUDO_USER=bob exits 'add by options' 0 senders add --name mine --from Domains@Reseller.example \
	--classes verification,renewal --registrar 'Reseller Ltd' --link 'my.reseller.example /verify?t=*' \
	--link '[www.]reseller.example /'
tap_is 'says what it did' "$out" 'added mine'
tap_is 'it is there, beside the shipped ones' "$(own)" '["mine"]'
tap_ok 'the daemon is told' test "$(generation)" -gt "$before"
tap_is 'who did it is on record' "$(ask "SELECT actor, kind, sender FROM event WHERE sender = 'mine'")" \
	"$([[ $EUID == 0 ]] && echo bob || id -un)|added|mine"
kn senders show mine
tap_like 'its stanza' "$out" $'^Sender: mine\nFrom: [Dd]omains@reseller\.example\n'
tap_like 'its links' "$out" $'my\.reseller\.example /verify\\?t=\\*\n +\\[www\\.\\]reseller\.example /'
exits 'add under the same name' 0 senders add --name mine --from other@reseller.example --classes renewal
kn senders list --json
json_is 'replaces it' '[.[] | select(.local) | [.name, .from, .classes]]' '[["mine","other@reseller.example",["renewal"]]]'
exits 'with a platform of the list' 0 senders add --name theirs --from a@white.example --classes verification --platform key-systems
kn senders show theirs
tap_like 'it has its links' "$out" $'\nPlatform: key-systems\nLink:\n.*emailverification'

# -- faulty options
for bad in '--classes postcards' '--from not-an-address' '--platform nowhere' '--link my.reseller.example' '--from *@white.example'; do
	args=(--name bad --from a@white.example --classes renewal)
	exits "refused: $bad" 2 senders add "${args[@]}" "${bad%% *}" "${bad#* }"
	tap_like 'with the place' "$err" 'command line:[0-9]+:[0-9]+: error: '
done
exits 'a link to a public suffix is refused' 2 senders add --name bad --from b@white.example --classes renewal --link 'co.uk /'
tap_like 'by the linter' "$err" 'command line:[0-9]+:[0-9]+: error: .*public suffix "co\.uk"'
exits 'an address that another entry of ours has is refused' 2 senders add --name bad --from a@white.example --classes renewal
tap_like 'with its name' "$err" 'command line:[0-9]+:[0-9]+: error: .*"theirs"'
exits 'no name' 2 senders add --from a@white.example --classes renewal
tap_like 'is wrong usage' "$err" 'Usage: '
exits 'a value cannot bring a line of its own' 2 senders add --name bad --classes renewal --from $'a@white.example\nStatus: disabled'
tap_is 'nothing of that was added' "$(own)" '["mine","theirs"]'

# -- stanzas
cat >"$LAB/two.list" <<'END'
# Two of our own.
Sender: one
From: one@stanza.example
Classes: verification, suspension
Link:
 my.stanza.example /v/*

Sender: two
From: two@stanza.example
Classes: renewal
END
exits 'add a file' 0 senders add "$LAB/two.list"
tap_is 'names each' "$out" $'added one\nadded two'
kn_input=$LAB/two.list
exits 'the same from standard input' 0 senders add -
kn_input=/dev/null
tap_is 'they are there once' "$(own)" '["mine","one","theirs","two"]'
cat >"$LAB/bad.list" <<'END'
Sender: three
From: three@stanza.example
Classes: verification

Sender: four
From: four@@stanza.example
Classes: verification
Colour: blue

From: five@stanza.example
END
exits 'a faulty file' 2 senders add "$LAB/bad.list"
tap_like 'every error has file, line and column' "$err" "$LAB/bad\\.list:6:[0-9]+: error: .*$LAB/bad\\.list:8:[0-9]+: error: .*$LAB/bad\\.list:10:[0-9]+: error: "
tap_is 'and nothing of it was added' "$(own)" '["mine","one","theirs","two"]'
exits 'a file that is not there' 2 senders add "$LAB/none.list"
: >"$LAB/empty.list"
exits 'an empty file' 2 senders add "$LAB/empty.list"
printf 'Platform: mine\nLink:\n my.platform.example /\n\nSender: six\nFrom: six@stanza.example\nPlatform: mine\nClasses: renewal\n' >"$LAB/platform.list"
exits 'a platform of its own cannot be added' 2 senders add "$LAB/platform.list"
tap_like 'with the reason' "$err" 'Sender stanzas'
printf 'Sender: six\nFrom: six@stanza.example\nClasses: renewal\n\nLink-For: six\nLink: my.platform.example /\n' >"$LAB/links.list"
exits 'nor can links of an entry, which would not stay' 2 senders add "$LAB/links.list"
tap_like 'the way is said' "$err" 'senders accept'

# -- remove, disable, enable
before=$(generation)
exits 'remove' 0 senders remove two
tap_is 'it is gone' "$(own)" '["mine","one","theirs"]'
tap_ok 'the daemon is told' test "$(generation)" -gt "$before"
exits 'remove it again' 1 senders remove two
exits 'a shipped entry cannot be removed' 1 senders remove key-systems
tap_like 'the way is said' "$err" 'disabled'
exits 'but disabled' 0 senders disable key-systems
kn senders show key-systems --json
json_is 'it is' '.enabled' false
tap_like 'the list shows it' "$(lab_keepname senders list)" 'disabled +shipped +key-systems '
exits 'shipping the list again' 0 stats
site_records </dev/null
kn senders show key-systems --json
json_is 'does not switch it on' '.enabled' false
exits 'enable' 0 senders enable key-systems
kn senders show key-systems --json
json_is 'it is on' '.enabled' true
exits 'enable what is shipped disabled' 0 senders enable key-systems-whole-domain
kn senders show key-systems-whole-domain --json
json_is 'it is on too' '.enabled' true
kn senders disable key-systems-whole-domain
exits 'disable one of our own' 0 senders disable mine
kn senders show mine --json
json_is 'it is off' '[.enabled, .local]' '[false,true]'
exits 'disable what is not there' 1 senders disable nobody
tap_like 'is named' "$err" '"nobody"'
tap_is 'the history of a sender' "$(ask "SELECT group_concat(kind) FROM event WHERE sender = 'mine'")" added,added,disabled

# -- test
exits 'test all that is in use' 0 senders test
tap_like 'says how much that is' "$out" '[0-9]+ senders, [0-9]+ platforms: 0 errors, [0-9]+ warnings$'
cp -r "$srcdir/rules/lists" "$LAB/lists"
printf 'Class: renewal\nLanguage: xx\nSubject:\n domain expires\n domain (?:\\w+ ?)+[!?]\nBody: expires\n' >"$LAB/lists/xx.class"
lab_keepname_conf "lists = \"$LAB/lists\""
exits 'test a pattern that runs into a match limit' 1 senders test
tap_like 'names it' "$out" "$LAB/lists/xx\\.class:5:[0-9]+: error: the pattern runs into a match limit.* 1 errors, "
lab_keepname_conf
exits 'test a good file' 0 senders test "$LAB/two.list"
tap_like 'counts it' "$out" '^2 senders, '
exits 'a shown entry is a list again' 0 senders test "$LAB/platform.list"
exits 'test a shipped file, whose platform is its own' 0 senders test "$srcdir/rules/lists/key-systems.list"
exits 'test a faulty one' 1 senders test "$LAB/two.list" "$LAB/bad.list"
tap_like 'finds the errors' "$out" "$LAB/bad\\.list:6:[0-9]+: error: "
tap_like 'and counts them' "$out" ': [1-9][0-9]* errors, [0-9]+ warnings$'
exits 'test a file that is not there' 1 senders test "$LAB/none.list"

# -- usage
exits 'no part' 2 senders
exits 'a part that is none' 2 senders rename a b
exits 'too many names' 2 senders remove a b
exits 'list takes none' 2 senders list a
tap_end
