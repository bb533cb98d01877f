# SPDX-License-Identifier: BSD-2-Clause
# The real daemon behind a real Postfix, with real DNS and real signatures.
ON_THE_WIRE = \
	tests/wire/lab.sh \
	tests/wire/verdicts.sh \
	tests/wire/hostile.sh tests/wire/hostile_protocol.sh \
	tests/wire/headers.sh \
	tests/wire/flow.sh tests/wire/hops.sh tests/wire/sendmail.sh \
	tests/wire/dns.sh \
	tests/wire/store.sh tests/wire/secrets.sh \
	tests/wire/confirmed.sh tests/wire/ours.sh tests/wire/flood.sh \
	tests/wire/reload.sh \
	tests/wire/suggestions.sh tests/wire/setup.sh tests/wire/doctor.sh \
	tests/wire/many.sh tests/wire/backup.sh tests/wire/digest.sh \
	tests/wire/protocol.sh
WIRE_TESTS += $(ON_THE_WIRE)
dist_check_SCRIPTS += $(ON_THE_WIRE)
EXTRA_DIST += tests/wire/registrar.sh tests/wire/protocol.lua tests/wire/hostile_protocol.lua
