# SPDX-License-Identifier: BSD-2-Clause
WIRE_TESTS += tests/wire/lab.sh
dist_check_SCRIPTS += tests/wire/lab.sh
