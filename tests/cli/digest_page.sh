#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The digest's page in a browser: light and dark, on a phone, a tablet and a screen. Nothing runs over the
# edge, nothing is fetched, both schemes have contrast; the pictures stay beside the test's log.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/cli/site.sh
. "$srcdir/tests/cli/site.sh"

browser=$(command -v chromium || true)
[[ $browser ]] || tap_skip_all 'chromium is not installed (scripts/install-deps --tests)'
site_begin 19
now=$(date +%s)
at() { date -u -d "@$((now + $1 * 86400 + 3600))" +%FT%TZ; }
site_records <<-END
	at=$((now - 86400))|domains=soon.example|to=anna@example.com|deadline=$(at 1)|registrar=Key-Systems GmbH|from=noreply@emailverification.info|subject=Action required: verify your contact data|id=<1@x.example>
	at=$((now - 86400))|domains=dark.example|to=ben@example.com|class=suspension|registrar=Enom, LLC|from=info@name-services.com|subject=Domain suspension notice|id=<2@x.example>
	at=$((now - 90000))|domains=week.example|to=anna@example.com|deadline=$(at 6)|registrar=Key-Systems GmbH|from=noreply@emailverification.info|subject=Reminder|id=<3@x.example>
	at=$((now - 90000))|domains=later.example|to=anna@example.com|class=renewal|deadline=$(at 13)|registrar=Joker.com|subject=Renewal notice|id=<4@x.example>
	at=$now|verdict=unproven|domains=doubtful.example|to=carla@example.com|deadline=$(at 5)|reasons=dkim-none,spf|from=support@registrar.example|subject=Verify now|id=<5@x.example>
	at=$now|domains=moving.example|to=anna@example.com|class=transfer-out|deadline=$(at 4)|registrar=Joker.com|subject=Transfer of moving.example|id=<6@x.example>
	at=$now|domains=$(head -c 63 /dev/zero | tr '\0' a).$(head -c 63 /dev/zero | tr '\0' b).example|to=$(head -c 60 /dev/zero | tr '\0' c)@example.com|deadline=$(at 12)|subject=$(head -c 200 /dev/zero | tr "\0" W)|id=<7@x.example>
	at=$now|verdict=unlisted|pending=no|reasons=not-listed|offer=sender|from=a@shop.example|org=shop.example|d=shop.example|s=s|to=a@example.com
END
lab_keepname digest --html >"$LAB/page.html"
pictures=$builddir/tests/cli
mkdir -p "$pictures"

chrome() { timeout 60 "$browser" --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run \
	--user-data-dir="$LAB/profile" --hide-scrollbars "$@" 2>>"$LAB/log/chromium.log"; }
# What a page looks like to a program: written by a script that the page itself does not have.
measure() { # WIDTH light|dark
	sed -e '/Content-Security-Policy/d' -e "s|</body>|<script>document.title=JSON.stringify({over:document.documentElement.scrollWidth>window.innerWidth,fetched:performance.getEntriesByType('resource').length,background:getComputedStyle(document.body).backgroundColor,ink:getComputedStyle(document.body).color,heads:document.querySelectorAll('h1').length})</script></body>|" \
		"$LAB/page.html" >"$LAB/measured.html"
	chrome --window-size="$1,1200" ${dark:+--blink-settings=preferredColorScheme=0} --dump-dom "file://$LAB/measured.html" |
		sed -n 's|.*<title>\(.*\)</title>.*|\1|p' | sed 's/&quot;/"/g'
}
brightness() { sed -E 's/rgb\(([0-9]+), ([0-9]+), ([0-9]+)\)/\1 \2 \3/' | awk '{ print int(0.2126 * $1 + 0.7152 * $2 + 0.0722 * $3) }'; }
for scheme in light dark; do
	dark=
	[[ $scheme == light ]] || dark=yes
	for width in 500 768 1280; do
		seen=$(measure "$width" "$scheme")
		tap_is "$scheme, $width wide: nothing runs over the edge, one heading of the first order" \
			"$(jq -c '[.over, .heads]' <<<"$seen")" '[false,1]'
		chrome --window-size="$width,1600" ${dark:+--blink-settings=preferredColorScheme=0} \
			--screenshot="$pictures/digest-$scheme-$width.png" "file://$LAB/page.html" >/dev/null
		tap_ok "its picture is kept" test -s "$pictures/digest-$scheme-$width.png"
	done
	background=$(jq -r .background <<<"$seen" | brightness)
	ink=$(jq -r .ink <<<"$seen" | brightness)
	tap_ok "$scheme: ink and paper are far apart" test $(((background > ink ? background - ink : ink - background) > 150)) = 1
	tap_is "$scheme: it is" "$((background > 128))" "$([[ $dark ]] && echo 0 || echo 1)"
	tap_is "$scheme: nothing is fetched" "$(jq .fetched <<<"$seen")" 0
done
tap_is 'no link in it, no picture, no script' "$(grep -ciE '<a[ >]|<img|<script|<link|src=|href=' "$LAB/page.html")" 0
tap_end
