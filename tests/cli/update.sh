#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# keepname senders update: a release that the real minisign has signed is shown, taken whole and taken back;
# one that was changed in any octet, cut, has expired, is older, unsigned or by another key changes nothing.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/cli/site.sh
. "$srcdir/tests/cli/site.sh"

command -v minisign >/dev/null || tap_skip_all 'minisign is not installed (scripts/install-deps --tests)'
site_begin 81
for name in one two strange; do minisign -G -W -p "$LAB/$name.pub" -s "$LAB/$name.key" >/dev/null; done
key() { tail -n 1 "$LAB/$1.pub"; }
lab_keepname_conf "update_keys = { \"$(key one)\", \"$(key two)\" }"
site_records </dev/null
listed() { ask "SELECT count(*) FROM sender WHERE origin = 'shipped'"; }
everything() { sqlite3 -readonly "$site_database" "SELECT * FROM sender; SELECT * FROM stanza; SELECT * FROM switch; SELECT * FROM meta WHERE key <> 'generation'" | sha256sum; }
before=$(everything)

# A list of two senders: one that is shipped too and now reaches further, one that is new.
mkdir "$LAB/lists"
cat >"$LAB/lists/a.list" <<'END'
Platform: key-systems
Link: emailverification.info /verify?ticket=*

Sender: key-systems
From: noreply@emailverification.info
Registrar: Key-Systems GmbH
Platform: key-systems
Classes: verification, suspension, wdrp
Confidence: A
Last-Seen: 2026-08
Evidence: https://example.org/seen

Sender: fresh
From: noreply@fresh-registrar.example
Registrar: Fresh
Classes: wdrp
Confidence: A
Last-Seen: 2026-08
Evidence: https://example.org/seen
END
sign() { # NUMBER KEY [OPTION]...: $LAB/release
	local number=$1 by=$2
	shift 2
	rm -f "$LAB/lists/release.list"
	"$srcdir/scripts/raise-release" --lists "$LAB/lists" --to "$number" >/dev/null
	"$srcdir/scripts/sign-release" "$LAB/release" --key "$LAB/$by.key" --lists "$LAB/lists" "$@" >/dev/null
}
resign() { minisign -S -m "$LAB/release" -s "$LAB/one.key" >/dev/null; }
refused() { # NAME ERE
	exits "$1" 1 senders update --yes "$LAB/release"
	tap_like 'is refused, and why is said' "$err" "$2.*nothing was changed"
	tap_is 'nothing has changed' "$(everything)" "$before"
}

exits 'no release' 2 senders update "$LAB/none"
sign 5 one
exits 'a look' 0 senders update --dry-run "$LAB/release"
tap_like 'what is new' "$out" '\+ fresh: noreply@fresh-registrar\.example'
tap_like 'what goes' "$out" '- enom'
tap_like 'what reaches further stands out' "$out" '! key-systems: .*more classes \(wdrp\)'
tap_like 'first' "${out%%$'\n'*}" '^! '
tap_like 'what changes is counted' "$out" 'Release 5: [0-9]+ reach further \(!\), 1 added \(\+\), [0-9]+ removed'
exits 'as JSON' 0 senders update --json --dry-run "$LAB/release"
json_is 'each change' '[.changes[] | select(.name == "fresh")][0] | [.change, .of, .from, .own, .enabled]' \
	'["added","sender","noreply@fresh-registrar.example",false,true]'
json_is 'in which way' '[.changes[] | select(.name == "key-systems" and .of == "sender")][0] | [.change, (.signs | index("more classes") != null)]' '["widened",true]'
json_is 'and how many' '[.release, .taken, .counts.added, (.counts.widened > 0), ([.changes[].change] | length) == ([.counts[]] | add)]' '[5,false,1,true,true]'
exits 'JSON asks nobody' 2 senders update --json "$LAB/release"
tap_is 'and nothing changes' "$(everything)" "$before"
exits 'nobody can be asked' 2 senders update "$LAB/release"
tap_is 'nothing changes' "$(everything)" "$before"

# -- on the list as it is in use: the site's own changes count
kn senders disable key-systems
exits 'an entry that is switched off here' 0 senders update --dry-run "$LAB/release"
tap_ok 'reaches no further' test "$(grep -c '^[!+] key-systems' <<<"$out")" = 0
kn senders enable key-systems
kn_input=$LAB/own
printf 'Sender: mine\nFrom: noreply@fresh-registrar.example\nPlatform: enom\nClasses: wdrp\n' >"$LAB/own"
exits 'an entry of our own' 0 senders add -
kn_input=/dev/null
exits 'in the place of the new one' 1 senders update --dry-run "$LAB/release"
tap_like 'is not lost with its platform' "$err" 'no platform "enom", which your own entry "mine" needs; nothing was changed'
exits 'our own entry, out again' 0 senders remove mine
before=$(everything)

# -- what must not be taken
sign 5 strange
refused 'by a key of nobody' 'by none of update_keys'
sign 5 one
cp "$LAB/release" "$LAB/good"
cp "$LAB/release.minisig" "$LAB/good.minisig"
head -c -1 "$LAB/good" >"$LAB/release"
refused 'cut' 'it was changed'
echo >>"$LAB/release" && echo '# more' >>"$LAB/release"
refused 'longer' 'it was changed'
cp "$LAB/good" "$LAB/release"
: >"$LAB/release.minisig"
refused 'without a signature in its file' 'no signature of minisign'
sed 's/^trusted comment: .*/trusted comment: keepname list, release 99/' "$LAB/good.minisig" >"$LAB/release.minisig"
refused 'with another trusted comment' 'it was changed'
cp "$LAB/good.minisig" "$LAB/release.minisig"
size=$(stat -c %s "$LAB/good")
taken=''
for ((n = 0; n < size; n += 7)); do
	cp "$LAB/good" "$LAB/release"
	printf '\xff' | dd of="$LAB/release" bs=1 seek="$n" conv=notrunc status=none
	lab_keepname senders update --yes "$LAB/release" >/dev/null 2>&1 && taken+=" $n"
done
tap_is 'with any octet changed' "$taken$(everything)" "$before"
rm "$LAB/release.minisig"
cp "$LAB/good" "$LAB/release"
exits 'without a signature' 2 senders update --yes "$LAB/release"
tap_is 'nothing has changed' "$(everything)" "$before"
sign 5 one
sed -i "s/^Expires: .*/Expires: $(date -u -d '-1 day' +%F)/" "$LAB/release" && resign
refused 'expired' 'it has expired'
sign 5 one
sed -i 's/^Issued: .*/Issued: 2099-01-01/' "$LAB/release" && resign
refused 'issued in the future' 'in the future'
sign 5 one
sed -i '1d' "$LAB/release" && resign
refused 'without a number' 'the list has errors'
sign 5 one
sed -i '1,3d' "$LAB/release" && resign
refused 'without saying which it is' 'does not say Release'
sign 5 one
sed -i '/^Expires/d' "$LAB/release" && resign
refused 'without an end' 'does not say Release'
sign 5 one
sed -i 's/^Confidence: A/Confidence: C/' "$LAB/release" && resign
refused 'with what the linter refuses' 'the list has errors'
printf 'Release: 5\nIssued: %s\nExpires: 2099-01-01\n' "$(date -u +%F)" >"$LAB/release" && resign
refused 'without a sender' 'names no sender'

# -- taken
kn senders disable enom
sign 5 two
exits 'by the second key' 0 senders update --yes "$LAB/release"
tap_is 'the list is that' "$(listed)" 2
tap_is 'a switch of the site stays' "$(ask "SELECT enabled FROM switch WHERE name = 'enom'")" 0
taken=$(everything)
exits 'again' 1 senders update --yes "$LAB/release"
tap_like 'is in use already' "$err" 'in use already'
sign 4 one
exits 'an older one' 1 senders update --yes "$LAB/release"
tap_like 'is refused' "$err" 'older than one that was in use'
tap_is 'nothing has changed' "$(everything)" "$taken"
exits 'undo' 0 senders update --undo
tap_like 'says which is back' "$out" "Release $(sed -n 's/^Release: //p' "$srcdir/rules/lists/release.list") is back"
tap_ok 'all of it' test "$(listed)" -gt 50
exits 'undo again' 1 senders update --undo
sign 5 two
exits 'what was taken back' 1 senders update --yes "$LAB/release"
tap_like 'is not taken unasked' "$err" 'taken back here'

# -- a package brings a list, too: the daemon takes it when it starts, if it is a later one
packaged() { # NUMBER: the daemon of a package with that list has run
	mkdir -p "$LAB/package"
	cp "$srcdir"/rules/lists/*.class "$LAB/lists"/*.list "$LAB/package/"
	chmod -R u+w "$LAB/package"
	rm -f "$LAB/package/release.list"
	"$srcdir/scripts/raise-release" --lists "$LAB/package" --to "$1" >/dev/null
	lab_keepname_conf "lists = \"$LAB/package\"" "update_keys = { \"$(key one)\" }"
	lab_keepname_start && lab_keepname_stop
}
in_use() { ask "SELECT value FROM meta WHERE key = 'release'"; }
packaged 5
tap_is 'what was taken back does not come with a package' "$(in_use) $(($(listed) > 50))" '1 1'
packaged 6
tap_is 'a later one does' "$(in_use) $(listed)" '6 2'
taken=$(everything)
packaged 3
tap_is 'an older package leaves it' "$(everything)" "$taken"
sign 6 one
exits 'the same by an update' 1 senders update --yes "$LAB/release"
tap_like 'is in use already' "$err" 'in use already'
exits 'the list of a package, back' 0 senders update --undo
tap_is 'is the one before' "$(in_use) $(($(listed) > 50))" '1 1'
tap_end
