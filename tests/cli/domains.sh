#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# keepname domains: named one by one, from files, zone lists and Postfix's own maps; shown before they are
# taken, all or nothing, and taken back.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/cli/site.sh
. "$srcdir/tests/cli/site.sh"

site_begin 59
exits 'without a database' 2 domains list
site_records </dev/null
exits 'nothing yet' 0 domains list
tap_like 'is said' "$out" 'None is named'
exits 'as JSON' 0 domains list --json
json_is 'an empty array' . '[]'
names() { ask "SELECT group_concat(name, ' ') FROM (SELECT name FROM owned ORDER BY name)"; }

# -- one by one
exits 'add' 0 domains add Example.COM münchen.example example.com.
tap_is 'in one spelling' "$(names)" 'example.com xn--mnchen-3ya.example'
exits 'add what is there' 0 domains add example.com
tap_like 'adds nothing' "$out" '^0 added'
exits 'add what is no domain' 2 domains add good.example 'bad domain' worse
tap_like 'is refused by name' "$err" '"bad domain"'
tap_is 'and nothing is added' "$(names)" 'example.com xn--mnchen-3ya.example'
exits 'remove what is not there' 1 domains remove example.com nothere.example
tap_is 'removes nothing' "$(names)" 'example.com xn--mnchen-3ya.example'
exits 'remove' 0 domains remove MÜNCHEN.example
tap_is 'removes that' "$(names)" 'example.com'
exits 'list --json' 0 domains list --json
json_is 'with its source' '[.[] | [.domain, .source, (.added | length)]]' '[["example.com","added",20]]'

# -- a file of names
cat >"$LAB/names" <<-'END'
	# comment
	one.example
	  Two.Example.   trailing words

	; another comment
	one.example
	"three.example" OK
	localhost
	2.0.192.in-addr.arpa
END
exits 'import, a look first' 0 domains import --dry-run "$LAB/names"
tap_like 'says what would change' "$out" $'\\+ one\\.example\n\\+ three\\.example\n\\+ two\\.example\n2 passed over.*\n3 would be added, 0 removed'
tap_is 'and changes nothing' "$(names)" 'example.com'
exits 'nobody can be asked' 2 domains import "$LAB/names"
tap_like 'which is said' "$err" '--yes'
exits 'import' 0 domains import --yes "$LAB/names"
tap_is 'all' "$(names)" 'example.com one.example three.example two.example'
exits 'again' 0 domains import --yes "$LAB/names"
tap_like 'is nothing new' "$out" 'Nothing is new: 3'
printf 'one.example\nfour.example\n' >"$LAB/names"
exits 'what the source no longer names' 0 domains import --replace --yes "$LAB/names"
tap_is 'goes, with --replace, and nothing else' "$(names)" 'example.com four.example one.example'
exits 'undo' 0 undo
tap_is 'brings both ways back' "$(names)" 'example.com one.example three.example two.example'
: >"$LAB/names"
exits 'an empty file with --replace' 2 domains import --replace --yes "$LAB/names"
tap_like 'is a mistake' "$err" 'more likely a mistake'

# -- what is wrong in it
printf 'good.example\nbad_.\300.example\n-no.example\n' >"$LAB/names"
exits 'a file with bad lines' 2 domains import --yes "$LAB/names"
tap_like 'names file, line and value' "$err" "names:2: error: a domain is expected, not \"bad_\\.\\\\xc0\\.example\""
tap_like 'each of them' "$err" 'names:3: '
tap_like 'and takes nothing' "$err" '2 errors; nothing was changed'
tap_unlike 'not the good one either' "$(names)" good
exits 'no such file' 2 domains import --yes "$LAB/nofile"
exits 'a folder' 2 domains import --yes "$LAB"
# LIMIT_OWNED_LINE: 4096 octets, and one more
{ printf 'limit.example '; head -c 4082 /dev/zero | tr '\0' x; } >"$LAB/names"
exits 'the longest line' 0 domains import --yes "$LAB/names"
printf x >>"$LAB/names"
exits 'one octet more' 2 domains import --yes "$LAB/names"
tap_like 'is past the limit' "$err" 'names:1: .*4096 octets \(limit\)'
# LIMIT_OWNED: a million names, and one more
awk 'BEGIN { for (i = 0; i < 1000000; i++) print "n" i ".example" }' >"$LAB/names"
exits 'the most names' 0 domains import --dry-run "$LAB/names"
tap_like 'are all read' "$out" '1000000 would be added'
echo more.example >>"$LAB/names"
exits 'one more' 2 domains import --dry-run "$LAB/names"
tap_like 'is past the limit' "$err" 'names:1000001: .*1000000 domains \(limit\)'
# LIMIT_OWNED_BYTES: 64 MB, and one octet more
awk 'BEGIN { for (i = 1; i < 1024 * 1024; i++) printf "#%62s\n", ""; printf "%-64s", "most.example" }' >"$LAB/names"
exits 'the largest file' 0 domains import --dry-run "$LAB/names"
printf x >>"$LAB/names"
exits 'one octet more' 2 domains import --dry-run "$LAB/names"

# -- zone lists
cat >"$LAB/named.conf" <<-'END'
	options { directory "/var/cache/bind"; };
	zone "." { type hint; file "/usr/share/dns/root.hints"; };
	zone "bind-one.example" { type master; file "x"; };
	zone bind-two.example IN { type slave; };
	zone "127.in-addr.arpa" { type master; };
	include "/etc/bind/other";
END
exits 'of BIND' 0 domains import --yes "$LAB/named.conf"
tap_like 'its zones alone' "$out" $'\\+ bind-one\\.example\n\\+ bind-two\\.example\n2 passed over'
cat >"$LAB/nsd.conf" <<-'END'
	server:
	    ip-address: 192.0.2.1
	key:
	    name: "tsig.example"
	zone:
	    name: nsd.example
	    zonefile: x
	zone:
	    name: "nsd-two.example"
END
exits 'of NSD' 0 domains import --yes "$LAB/nsd.conf"
tap_like 'its zones alone' "$out" $'^\\+ nsd-two\\.example\n\\+ nsd\\.example\n2 added'

# -- Postfix
if [[ $(command -v postmap) ]]; then
	mkdir "$LAB/postfix"
	printf 'map-one.example OK\nmap-two.example OK\n' >"$LAB/postfix/vdomains"
	printf 'text.example OK\n' >"$LAB/postfix/text"
	cat >"$LAB/postfix/main.cf" <<-END
		compatibility_level = 3.6
		mydestination = \$mydomain, localhost
		mydomain = dest.example
		myhostname = mx.dest.example
		relay_domains = relay.example, texthash:$LAB/postfix/text
		virtual_mailbox_domains = hash:$LAB/postfix/vdomains
	END
	: >"$LAB/postfix/master.cf"
	MAIL_CONFIG=$LAB/postfix postmap "hash:$LAB/postfix/vdomains"
	MAIL_CONFIG=$LAB/postfix exits 'a map' 0 domains import --dry-run "hash:$LAB/postfix/vdomains"
	tap_like 'its keys' "$out" $'\\+ map-one\\.example\n\\+ map-two\\.example'
	MAIL_CONFIG=$LAB/postfix exits 'all for which Postfix takes mail' 0 domains import --dry-run postfix
	tap_like 'names and maps' "$out" $'\\+ dest\\.example\n\\+ map-one\\.example\n\\+ map-two\\.example\n\\+ relay\\.example\n\\+ text\\.example\n1 passed over'
	MAIL_CONFIG=$LAB/postfix exits 'a map that cannot be listed' 2 domains import --dry-run "hash:$LAB/postfix/nomap"
	tap_like 'is named, with what else there is' "$err" 'postmap -s cannot list it .*a file of names is the other way'
else
	tap_skip 6 'no Postfix here'
fi
tap_end
