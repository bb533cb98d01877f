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

reason=$(browser_missing)
[[ -z $reason ]] || tap_skip_all "$reason"
site_begin 32
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

# A bar is so wide, of two parts, in these colours: what is left first.
bars="[...document.querySelectorAll('table.bar')].map(t=>{const c=[...t.querySelectorAll('td')],r=c.map(x=>Math.round(100*x.getBoundingClientRect().width/t.getBoundingClientRect().width));
	return {high:c[0].getBoundingClientRect().height>=8,filled:c[0].className=='left'?r[0]:0,colour:getComputedStyle(c[0]).backgroundColor}})"
look="{over:$browser_edge,fetched:performance.getEntriesByType('resource').length,background:getComputedStyle(document.body).backgroundColor,ink:getComputedStyle(document.body).color,
	heads:document.querySelectorAll('h1').length,bars:$bars,cards:[...document.querySelectorAll('.card')].map(c=>getComputedStyle(c).borderLeftWidth)}"
brightness() { sed -E 's/rgb\(([0-9]+), ([0-9]+), ([0-9]+)\)/\1 \2 \3/' | awk '{ print int(0.2126 * $1 + 0.7152 * $2 + 0.0722 * $3) }'; }
apart() { # ONE OTHER: by so much or more
	local one other
	one=$(brightness <<<"$1") other=$(brightness <<<"$2")
	(((one > other ? one - other : other - one) > $3))
}
filled='6,26,33,40,80,86' # soon moving doubtful week long later, in hundredths of 15 days, in the order of what is left
for scheme in light dark; do
	for width in 360 768 1280; do
		seen=$(browser_measure "$LAB/page.html" $width $scheme "$look" | tr -d '\n')
		tap_is "$scheme, $width wide: nothing runs over the edge, one heading of the first order" "$(jq -c '[.over, .heads]' <<<"$seen")" '[false,1]'
		tap_is 'the time left is drawn to scale' "$(jq -r '[.bars[] | .filled] | sort | map(tostring) | join(",")' <<<"$seen")" "$filled"
		tap_ok 'its picture is kept' browser_picture "$LAB/page.html" $width $scheme digest
	done
	tap_ok "$scheme: ink and paper are far apart" apart "$(jq -r .background <<<"$seen")" "$(jq -r .ink <<<"$seen")" 150
	tap_is "$scheme: it is" "$(($(jq -r .background <<<"$seen" | brightness) > 128))" "$([[ $scheme == dark ]] && echo 0 || echo 1)"
	tap_is "$scheme: nothing is fetched" "$(jq .fetched <<<"$seen")" 0
	tap_ok "$scheme: bars stand out" apart "$(jq -r '.bars[0].colour' <<<"$seen")" "$(jq -r .background <<<"$seen")" 60
done

# Mail programs that take the style away still show the picture, by what stands in the elements themselves.
sed '/<style>/,/<\/style>/d' "$LAB/page.html" >"$LAB/bare.html"
seen=$(browser_measure "$LAB/bare.html" 768 light "$look" | tr -d '\n')
tap_is 'without the style: still to scale, and high enough' "$(jq -r '[.bars[] | .filled] | sort | map(tostring) | join(",")' <<<"$seen") $(jq -c '[.bars[].high] | unique' <<<"$seen")" "$filled [true]"
tap_is 'in the colours of what is urgent, soon and calm' "$(jq -c '[.bars[].colour] | unique' <<<"$seen")" '["rgb(178, 106, 0)","rgb(198, 40, 40)","rgb(79, 122, 79)"]'
tap_is 'and cards have their edge' "$(jq -c '.cards | unique' <<<"$seen")" '["5px"]'
tap_ok 'its picture is kept' browser_picture "$LAB/bare.html" 768 light digest-bare
# The text draws the same.
lab_keepname digest >"$LAB/page.txt"
tap_is 'the text draws the same, in 15 cells of a day' "$(sed -n 's/^ *time left  *\[\([#-]*\)\]$/\1/p' "$LAB/page.txt" | awk '{ print length($0) ":" gsub("#", "") }' | sort | xargs)" \
	"$(printf '15:%s\n' 1 4 5 6 12 13 | sort | xargs)"
tap_is 'no link in it, no picture, no script' "$(grep -ciE '<a[ >]|<img|<script|<link|src=|href=' "$LAB/page.html")" 0
tap_end
