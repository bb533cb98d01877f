# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # lab.sh and its callers share variables
#
# Pages in a headless Chromium, light or dark, as wide as a phone or a screen.
#
#   browser_missing                            prints why it cannot be; nothing where it can
#   browser_measure PAGE WIDTH SCHEME SCRIPT   prints, as JSON, what an expression in JavaScript is in the page
#   browser_picture PAGE WIDTH SCHEME NAME     a picture, beside the logs of the tests, as NAME-SCHEME-WIDTH.png
#
# PAGE is a file, SCHEME light or dark. Windows of Chromium are not narrower than 500: narrower pages stand in
# a frame. A page of ours allows no script: the one that measures is let into a copy without that rule.

browser_edge="document.documentElement.scrollWidth>window.innerWidth"

browser_missing() { command -v chromium >/dev/null || echo 'chromium is not installed (scripts/install-deps --tests)'; }

browser_run() { # SCHEME OPTION...
	local dark=()
	[[ $1 == light ]] || dark=(--blink-settings=preferredColorScheme=0)
	shift
	timeout 60 chromium --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --hide-scrollbars \
		--allow-file-access-from-files --user-data-dir="$LAB/profile" "${dark[@]}" "$@" 2>>"$LAB/log/chromium.log"
}

# browser_window PAGE WIDTH: prints the page that a window shows, and how wide the window is.
browser_window() {
	if (($2 >= 500)); then
		echo "$1 $2"
		return
	fi
	cat >"$LAB/frame.html" <<-END
		<!DOCTYPE html><style>:root{color-scheme:light dark}body{margin:0}iframe{border:0;display:block}</style>
		<script>onmessage=e=>document.title=e.data</script><iframe src="file://$1" width="$2" height="1600"></iframe>
	END
	echo "$LAB/frame.html 500"
}

browser_measure() {
	local text script window width
	script="<script>{const t='@'+btoa(JSON.stringify($4))+'@';document.title=t;if(parent!==window)parent.postMessage(t,'*')}</script></body>"
	text=$(sed '/Content-Security-Policy/d' "$1")
	printf '%s\n' "${text/'</body>'/"$script"}" >"$LAB/measured.html"
	read -r window width <<<"$(browser_window "$LAB/measured.html" "$2")"
	browser_run "$3" --window-size="$width,1600" --virtual-time-budget=5000 --dump-dom "file://$window" |
		sed -n 's|.*<title>@\([A-Za-z0-9+/=]*\)@</title>.*|\1|p' | head -n 1 | base64 -d
}

browser_picture() {
	local window width to=$builddir/tests/cli/$4-$3-$2.png
	mkdir -p "${to%/*}"
	rm -f "$to"
	read -r window width <<<"$(browser_window "$1" "$2")"
	browser_run "$3" --window-size="$width,1600" --screenshot="$to" "file://$window" >/dev/null
	[[ -s $to ]]
}
