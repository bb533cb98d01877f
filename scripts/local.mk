# SPDX-License-Identifier: BSD-2-Clause
dist_noinst_SCRIPTS += scripts/install-deps scripts/test scripts/quickstart scripts/fetch-spf-suite scripts/fuzz scripts/threads scripts/analyze scripts/sign-release scripts/raise-release
