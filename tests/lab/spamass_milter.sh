# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # lab.sh and its callers share variables
#
# spamass-milter of the lab, in front of the lab's spamd (spamd.sh), which is started first.
#
#   lab_spamass_milter_missing            why it cannot run here; nothing where it can
#   lab_spamass_milter_start [OPTION]...  sets LAB_SPAMASS_SOCKET, its socket, for --milter
#                                         unix:$LAB_SPAMASS_SOCKET. Several may run
#   lab_spamass_milter_macros             what Postfix must --set for it, or it complains of each mail

LAB_SPAMASS_SOCKET=
lab_spamass_count=0

lab_spamass_milter_missing() {
	command -v spamass-milter >/dev/null || echo 'spamass-milter is not installed (scripts/install-deps --tests)'
}

# It makes its socket for its own user alone, as which it runs; Postfix's connects to it.
lab_spamass_milter_start() {
	install -d -m 711 -o nobody "$LAB/spamass"
	lab_spamass_count=$((lab_spamass_count + 1))
	LAB_SPAMASS_SOCKET=$LAB/spamass/$lab_spamass_count
	lab_spawn "spamass_milter.$lab_spamass_count" setpriv --reuid=nobody --clear-groups \
		spamass-milter -p "$LAB_SPAMASS_SOCKET" "$@" -- -x -U "$LAB_SPAMD_SOCKET"
	lab_await -p "$LAB_PID" connect "$LAB_SPAMASS_SOCKET" && chmod 666 "$LAB_SPAMASS_SOCKET"
}

# As its manual names them for Sendmail.
lab_spamass_milter_macros() { printf 'milter_connect_macros = b j _ {daemon_name} {if_name} {if_addr} v'; }
