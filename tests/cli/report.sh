#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# keepname report: one page, whole or not written, with hostile text in it; in a browser, light and dark, at
# three widths; bounded however much there is. And what all domains depend on alone.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/cli/site.sh
. "$srcdir/tests/cli/site.sh"

reason=$(browser_missing)
[[ -z $reason ]] || tap_skip_all "$reason"
site_begin 45
now=$(date +%s)
at() { date -u -d "@$((now + $1 * 86400))" +%FT%TZ; }
exits 'without a database' 2 report --html "$LAB/page.html"
tap_fails 'there is no page' test -e "$LAB/page.html"
site_records < <(
	for i in {1..40}; do
		printf 'at=%s|domains=d%s.example|to=a@example.com|deadline=%s|registrar=Key-Systems GmbH|from=noreply@emailverification.info|id=<%s@x.example>\n' \
			"$((now - i * 86400 * 4))" "$i" "$(at "$((i % 28))")" "$i"
		printf 'at=%s|domains=r%s.example|to=a@example.com|verdict=unproven|reasons=spf|deadline=%s|id=<r%s@x.example>|registrar=Enom, LLC\n' \
			"$((now - i * 86400 * 3))" "$i" "$(at "$((i % 20))")" "$i"
		printf 'at=%s|verdict=%s|pending=no|to=a@example.com|id=<o%s@x.example>\n' "$((now - i * 86400 * 2))" "$( ((i % 3)) && echo forged || echo lookalike)" "$i"
	done
)
site_records <<-END
	at=$now|domains=dark.example|to=b@example.com|class=suspension|id=<dark@x.example>
	at=$now|to=b@example.com|deadline=$(at 4)|subject=<script>alert(1)</script><img src=x onerror=alert(2)>|registrar="><svg onload=alert(3)>|id=<odd@x.example>
	at=$now|domains=moving.example|to=b@example.com|class=transfer-out|id=<moving@x.example>
END
exits 'report' 0 report --html "$LAB/page.html"
tap_is 'says nothing' "$out$err" ''
page=$(<"$LAB/page.html")
tap_like 'alarms' "$page" '<td>transfer</td><td>moving\.example</td>'
tap_like 'matters' "$page" '<td>dark\.example</td><td>[^<]*</td><td>suspension</td><td>held</td>'
tap_like 'hostile text is text' "$page" '&lt;script&gt;alert\(1\)&lt;/script&gt;&lt;img src=x'
tap_unlike 'and nothing else' "$page" '<script|<img|<svg onload|javascript:'
tap_is 'nothing in it is fetched or leads away' "$(grep -ciE '<a[ >]|<link|<iframe|src=|href=|url\(|@import' <<<"${page//&lt;img src=x/}")" 0
tap_like 'and the browser is told so' "$page" "default-src 'none'"
tap_like 'registrars' "$page" '<td>Key-Systems GmbH</td><td class="num">40</td><td class="num">40</td>'
tap_is 'each picture has a title and a description' "$(grep -c '<title id=' <<<"$page") $(grep -c '<desc id=' <<<"$page")" '2 2'
# An attribute's value that a stranger chose would end here: the page is well-formed.
if command -v xmllint >/dev/null; then
	tap_is 'no element is left open' "$(xmllint --html --noout "$LAB/page.html" 2>&1 | grep -ciE 'Unexpected end tag|mismatch' || true)" 0
else
	tap_skip 1 'no xmllint here'
fi
tap_is 'others may read it' "$(stat -c %a "$LAB/page.html")" 644
before=$(sha256sum <"$LAB/page.html")
mv "$site_database" "$LAB/aside"
echo nonsense >"$site_database"
exits 'a database that is damaged' 2 report --html "$LAB/page.html"
tap_is 'the old page stays' "$(sha256sum <"$LAB/page.html")" "$before"
mv "$LAB/aside" "$site_database"
exits 'no file' 2 report
exits 'nowhere to write' 2 report --html "$LAB/nofolder/x"

# -- in a browser
seen="[$browser_edge,document.querySelectorAll('h1').length,performance.getEntriesByType('resource').length,document.querySelectorAll('svg rect').length>20]"
for scheme in light dark; do
	for width in 360 820 1280; do
		tap_is "$scheme, $width wide: within the edge, one first heading, nothing fetched, bars" \
			"$(browser_measure "$LAB/page.html" $width $scheme "$seen")" '[false,1,0,true]'
		tap_ok 'its picture is kept' browser_picture "$LAB/page.html" $width $scheme report
	done
done

# -- what all depend on
kn domains add one.example two.example three.example >/dev/null
doctor() { kn doctor --json && jq -r '.checks[] | select(.check == "dependence") | .state + ": " + .says + " > " + (.do // "")' "$LAB/out"; }
tap_like 'nothing is known yet' "$(doctor)" '^OK: nothing is known'
watched() { # DOMAIN REGISTRAR SERVERS
	sqlite3 "$site_database" "INSERT OR REPLACE INTO watched (domain, standing, causes, since, checked_at, tried_at, asked_at, trouble, servers, former, registrar,
		iana_id, registered_at, expires_at, statuses) VALUES ('$1', 'fine', '', $now, $now, $now, $now, '', '$3', '', '$2', 0, 0, 0, '')"
}
watched one.example 'One Registrar' 'ns1.dns.net ns2.dns.net'
watched two.example 'One Registrar' 'ns3.dns.net'
watched three.example 'One registrar' 'ns1.dns.net'
kn report --html -
tap_like 'one registrar' "$out" 'all 3 domains are with one registrar, One Registrar'
tap_like 'one operator' "$out" 'name servers of all 3 domains are one operator.s, dns\.net'
kn digest
tap_like 'the digest says it too' "$out" 'all 3 domains are with one registrar, One Registrar'
tap_like 'the doctor, too' "$(doctor)" "^OK: all 3 domains are with one registrar, One Registrar; the name servers of all 3 domains are one operator's, dns\.net > \$"
watched two.example 'Another' 'ns3.dns.net ns.other.org'
kn report --html -
tap_unlike 'two registrars' "$out" 'one registrar'
tap_unlike 'a second operator' "$out" 'one operator'
site_records <<-END
	at=$now|domains=one.example|to=domains@one.example|deadline=$(at 9)|id=<n1@x.example>
	at=$now|domains=two.example|to=domains@one.example|deadline=$(at 9)|id=<n2@x.example>
END
kn report --html -
tap_like 'one address alone' "$out" 'about all 2 domains goes to one address alone, domains@one\.example \(not known of 1 more\)'
tap_like 'in the domain itself' "$out" 'about 1 domain goes to an address in the domain itself, which goes dark with it: domains@one\.example'
tap_like 'which is a fault for the doctor' "$(doctor)" '^WARNING: .* 1 domain goes to an address in the domain itself.* > name an address off that domain'
kn digest
tap_like 'and in the digest' "$out" 'about 1 domain goes to an address in the domain itself'
site_records <<<"at=$now|domains=one.example|to=domains@elsewhere.example|deadline=$(at 9)|id=<n3@x.example>"
kn digest
tap_unlike 'a second one elsewhere mends that' "$out" 'in the domain itself'

# -- much of it
sqlite3 "$site_database" "INSERT INTO pending (state, recipient, class, domain, mail, registrar, sender, from_address, subject, message_id, reasons,
	deadline, deadline_source, ours, first_seen, last_seen, mails, snoozed_until, origin)
	WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
	SELECT 'open', 'many@example.com', 'renewal', 'm' || i || '.example', '', 'R', 's', 'f@x.example', 's', '<' || i || '>', '', $now + i * 100, 'stated', 'unset', $now, $now, 1, 0, 'open' FROM n"
exits '20,000 matters' 0 report --html "$LAB/page.html"
tap_like 'are counted' "$(grep -a 'more: keepname pending' "$LAB/page.html")" 'and [0-9]+ more'
tap_ok 'the page stays small' test "$(stat -c %s "$LAB/page.html")" -lt 200000
tap_end
