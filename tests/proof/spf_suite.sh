#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The RFC 7208 test suite (203 cases of openspf.org, in Debian's source package pyspf) against our SPF
# adapter: never a "pass" that the suite denies. SPF_SUITE names a copy that is at hand; otherwise it
# is fetched, once for a build folder. Skipped, with the reason, where it cannot be had.
set -u

here=${builddir:-.}/tests/proof
src=${srcdir:-.}
suite=${SPF_SUITE:-$here/rfc7208-tests.yml}

skip() {
	echo "1..0 # SKIP $*"
	exit 0
}

python3 -c 'import yaml' 2>/dev/null || skip "python3-yaml is not installed"
if [[ ! -s $suite ]]; then
	why=$("$src/scripts/fetch-spf-suite" "$suite" 2>&1) || skip "${why//$'\n'/; }"
fi
if ! cases=$(python3 "$src/tests/proof/spf_suite.py" "$suite"); then
	echo "Bail out! $suite cannot be read"
	exit 1
fi
"$here/spf_suite" <<<"$cases"
