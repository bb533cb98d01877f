#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What a real browser takes for a link, keepname reports or fails: headless Chromium reads every page and
# URL of this folder and those that links_asked makes.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/tap.sh
. "$srcdir/tests/lab/tap.sh"

browser=$(command -v chromium) || tap_skip_all 'no chromium here (scripts/install-deps --tests)'
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
asked=$builddir/tests/links/links_asked

"$asked" page "$srcdir/tests/links" >"$dir/page.html"
# Never a connection: the page's own policy forbids loads, and no name resolves.
timeout 120 "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
	--disable-background-networking --disable-component-update --disable-sync --disable-dev-shm-usage \
	--host-resolver-rules='MAP * ~NOTFOUND' --user-data-dir="$dir/profile" \
	--dump-dom "file://$dir/page.html" >"$dir/answer" 2>"$dir/err" ||
	tap_skip_all "chromium does not run here: $(tail -n 1 "$dir/err")"
"$asked" compare "$srcdir/tests/links" "$dir/answer"
