# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # lab.sh and its callers share variables
#
# ClamAV of the lab: a real clamd on a socket of its own, with one signature made by hand, of EICAR's
# test file. The program is copied into the folder first: AppArmor confines the one in /usr/sbin.
#
#   lab_clamd_missing   why it cannot run here; nothing where it can
#   lab_clamd_start     sets LAB_CLAMD_SOCKET

LAB_CLAMD_SOCKET=

lab_clamd_missing() {
	command -v clamd >/dev/null || echo 'clamd is not installed (scripts/install-deps --tests)'
}

# Name, any kind of file, any offset, the octets.
lab_clamd_signature() {
	printf 'Lab.EICAR:0:*:%s\n' "$(printf '%s' 'X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*' |
		od -An -v -tx1 | tr -d ' \n')"
}

lab_clamd_start() {
	local home=$LAB/clamd
	mkdir -p "$home/db" "$home/tmp"
	chmod 755 "$home"
	LAB_CLAMD_SOCKET=$home/clamd.sock
	lab_clamd_signature >"$home/db/lab.ndb"
	cat >"$home/clamd.conf" <<-END
		Foreground yes
		LogFile $LAB/log/clamd.log
		DatabaseDirectory $home/db
		TemporaryDirectory $home/tmp
		LocalSocket $LAB_CLAMD_SOCKET
		LocalSocketMode 666
		MaxThreads 2
	END
	cp "$(command -v clamd)" "$LAB/bin/clamd"
	lab_spawn clamd "$LAB/bin/clamd" --config-file="$home/clamd.conf"
	lab_await -p "$LAB_PID" -m 'clamd to listen' connect "$LAB_CLAMD_SOCKET"
}
