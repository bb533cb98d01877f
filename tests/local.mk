# SPDX-License-Identifier: BSD-2-Clause
# Five rings: unit tables by room; replay through the pure library; wire, the real daemon behind real
# servers; rescue, with the spam filters and mail stores that people run; faults. tree: the rules that the tree itself must keep. A test is appended to its ring's list
# alone; all rings make up TESTS, and `make check-sanitized` runs the two that must be clean under
# AddressSanitizer and UBSan (configure --enable-sanitizers).
UNIT_TESTS =
REPLAY_TESTS =
WIRE_TESTS =
RESCUE_TESTS =
FAULT_TESTS =
TREE_TESTS =

include tests/tools/local.mk
include tests/lab/local.mk
include tests/base/local.mk
include tests/rules/local.mk
include tests/proof/local.mk
include tests/dns/local.mk
include tests/judge/local.mk
include tests/db/local.mk
include tests/milter/local.mk
include tests/cli/local.mk
include tests/links/local.mk
include tests/replay/local.mk
include tests/fuzz/local.mk
include tests/wire/local.mk
include tests/rescue/local.mk
include tests/faults/local.mk
include tests/tree/local.mk
include tests/bench/local.mk

TESTS += $(UNIT_TESTS) $(REPLAY_TESTS) $(WIRE_TESTS) $(RESCUE_TESTS) $(FAULT_TESTS) $(TREE_TESTS)

check-sanitized:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(UNIT_TESTS) $(REPLAY_TESTS)'
.PHONY: check-sanitized
