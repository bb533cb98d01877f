#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# keepname domains: named one by one, from files, zone lists of BIND, NSD and Knot, and Postfix's own maps; shown before they are
# taken, all or nothing, and taken back.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/cli/site.sh
. "$srcdir/tests/cli/site.sh"

site_begin 102
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
tap_like 'what it includes is not, which is said' "$err" 'named.conf:6: warning: include "/etc/bind/other" is not read: give that file too'
cat >"$LAB/named.conf" <<-'END'
	/* zone "comment.example" { type primary; }; */
	view "inside" IN {
	    match-clients { 10.0.0.0/8; !{ 192.0.2.1; }; "zone"; };
	    zone
	      "lines.example"  // zone "remark.example" {};
	      in
	    {
	        # type forward;
	        also-notify { 192.0.2.9; type; };
	        file "a { zone \" }"; TYPE Master;
	    };
	    zone "one-line.example" { type slave; primaries { 192.0.2.3; }; }; zone "next.example"{type secondary;};
	    zone "forwarded.example" { forwarders { 192.0.2.4; }; type forward; };
	    zone "stub.example" { type static-stub; };
	};
	view outside { zone "lines.example" { in-view "inside"; }; };
	key "zone" { algorithm hmac-sha256; secret "zone x { type master; };"; };
	zone "last.example" { type primary; }
END
exits 'in any layout' 0 domains import --dry-run "$LAB/named.conf"
tap_like 'those for which it is authoritative' "$out" $'^\\+ last\\.example\n\\+ lines\\.example\n\\+ next\\.example\n\\+ one-line\\.example\n2 passed over.*\n4 would be'
broken() { # NAME "TEXT" PATTERN
	printf '%b' "$2" >"$LAB/named.conf"
	exits "$1" 2 domains import --dry-run "$LAB/named.conf"
	tap_like 'is said with its line' "$err" "named.conf:$3"
}
broken 'a name that is none' '\nzone "good.example" {};\nzone\n"bad_name" { type master; };\nzone "bad name.example" {};' '5: error: a domain is expected, not "bad name\.example"'
broken 'a zone without a name' 'options { };\nzone { type master; };' '2: error: the name of a zone is expected'
broken 'a zone that does not close' 'options { };\n\nzone "a.example" {\n type master;\n' '3: error: the braces of this zone do not close'
broken 'a view that does not close' 'view a {\n zone "a.example" { type master; };\n' '1: error: the braces of this view do not close'
broken 'a comment that does not end' 'options { };\n\n /* zone "a.example" { };\n\n' '3: error: a comment or quoted text that begins here does not end'
broken 'quoted text that does not end' 'options { };\nzone "a.example { };\n\n' '2: error: '
broken 'a brace too many' 'options { };\n};\n' '2: error: a brace closes that none has opened'
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
printf 'zone: name: nsd-short.example # one\nzone:\n  zonefile: x\n  name: -bad.example\nzone:\n  name:\n' >"$LAB/nsd.conf"
exits 'with errors' 2 domains import --dry-run "$LAB/nsd.conf"
tap_like 'names line and value' "$err" 'nsd.conf:4: error: a domain is expected, not "-bad\.example"'
tap_like 'and what is missing' "$err" 'nsd.conf:6: error: the name of a zone is expected'
cat >"$LAB/knot.conf" <<-'END'
	# zone:
	template:
	  - id: default
	    storage: "/var/lib/knot"
	remote:
	  - id: zone
	    address: 192.0.2.1@53
	zone: # ours
	  - domain: knot.example
	    master:
	      - primary
	  - domain: "knot-two.example."   # the second
	    file: domain
	#  - domain: off.example
	  - domain: 2.0.192.in-addr.arpa
	log:
	  - target: syslog
	    domain: nolog.example
END
exits 'of Knot' 0 domains import --dry-run "$LAB/knot.conf"
tap_like 'its zones alone' "$out" $'^\\+ knot-two\\.example\n\\+ knot\\.example\n1 passed over.*\n2 would be'

# -- left sides of maps
cat >"$LAB/virtual" <<-'END'
	# user@comment.example x
	info@users.example   anna,
	    ben@continued.example
	@all.example         catchall
	"odd @ one"@quoted.example x
	plain.example        anything
	.below.example       :
	postmaster           root
	user@[192.0.2.1]     x
END
exits 'a map in text' 0 domains import --dry-run "texthash:$LAB/virtual"
tap_like 'domains of addresses' "$out" \
	$'^\\+ all\\.example\n\\+ below\\.example\n\\+ plain\\.example\n\\+ quoted\\.example\n\\+ users\\.example\n1 passed over[^\n]*\n1 local parts name no domain\\.\n5 would'
exits 'its file' 0 domains import --dry-run "$LAB/virtual"
tap_like 'is read likewise' "$out" '5 would be added'
printf 'ok@good.example x\nuser@-bad.example x\n' >"$LAB/virtual"
exits 'an address without a domain' 2 domains import --dry-run "$LAB/virtual"
tap_like 'is named with its line' "$err" 'virtual:2: error: a domain is expected, not "-bad\.example"'
printf '# aliases\npostmaster: root\njohn.doe: anna@example.com\n' >"$LAB/aliases"
exits 'local aliases' 2 domains import --dry-run "$LAB/aliases"
tap_like 'name no domain, which is said' "$err" 'aliases: error: local aliases name no domain'
printf 'root anna\npostmaster anna\n' >"$LAB/virtual"
exits 'a map of local parts' 2 domains import --dry-run "texthash:$LAB/virtual"
tap_like 'names none either' "$err" 'its left sides are local parts'
printf '# x\n/^(.*)@regexp\\.example$/ x\n' >"$LAB/regexp"
for source in "$LAB/regexp" "regexp:$LAB/regexp" "pcre:$LAB/regexp" "proxy:pcre:$LAB/regexp"; do
	exits "of ${source%%/*} patterns" 2 domains import --dry-run "$source"
	tap_like 'holds patterns' "$err" 'a table of patterns names no domains'
done

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
	printf 'user@aliased.example x\nroot x\n' >"$LAB/postfix/virtual"
	printf 'root x\n' >"$LAB/postfix/local"
	echo "virtual_alias_maps = texthash:$LAB/postfix/virtual, texthash:$LAB/postfix/local, pcre:$LAB/postfix/pcre" >>"$LAB/postfix/main.cf"
	MAIL_CONFIG=$LAB/postfix exits 'with maps of aliases' 0 domains import --dry-run postfix
	tap_like 'domains of addresses' "$out" $'^\\+ aliased\\.example\n\\+ dest\\.example'
	tap_like 'and what has none is a warning' "$err" $'local: warning: its left sides are local parts.*pcre: warning: a table of patterns'
	MAIL_CONFIG=$LAB/postfix exits 'a map that cannot be listed' 2 domains import --dry-run "hash:$LAB/postfix/nomap"
	tap_like 'is named, with what else there is' "$err" 'postmap -s cannot list it .*a file of names is the other way'
else
	tap_skip 9 'no Postfix here'
fi
tap_end
