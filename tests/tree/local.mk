# SPDX-License-Identifier: BSD-2-Clause
# The rules that the tree itself must keep: rooms, manuals, shape.
TREE_TESTS += tests/tree/rooms.sh tests/tree/manuals.sh tests/tree/shape.sh tests/tree/words.sh tests/tree/release.sh \
	tests/tree/hardened.sh tests/tree/security.sh tests/tree/units.sh
dist_check_SCRIPTS += tests/tree/rooms.sh tests/tree/manuals.sh tests/tree/shape.sh tests/tree/words.sh tests/tree/release.sh \
	tests/tree/hardened.sh tests/tree/security.sh tests/tree/units.sh
