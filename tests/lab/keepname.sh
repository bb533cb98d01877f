# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2120,SC2154 # lab.sh and its callers share variables
#
# keepname in the lab: the programs of the build tree with a configuration, a database and a spool in
# the lab's folder. Nothing is installed.
#
#   lab_keepname_conf ['key = value']...   writes keepname.conf; a key given here replaces ours
#   lab_keepname_start                     starts keepname-milter and waits until it is ready
#   lab_keepname ARGUMENT...               the command keepname with that configuration
#   lab_keepname_milter                    prints its socket as smtpd_milters wants it
#   lab_keepname_use [NAME]                which of several is meant from here on; without a name the
#                                          first. NAME's folder is $LAB/keepname-NAME, its log
#                                          $LAB/log/keepname-NAME.log
#
# The socket is $LAB/keepname/milter.sock unless LAB_SOCKET (a path) says another.

LAB_SOCKET=
LAB_KEEPNAME_PID=
lab_keepname_is=keepname
declare -A lab_keepname_pids=()

lab_keepname_use() {
	lab_keepname_is=keepname${1:+-$1}
	LAB_SOCKET=$LAB/$lab_keepname_is/milter.sock
	LAB_KEEPNAME_PID=${lab_keepname_pids[$lab_keepname_is]-}
}

lab_keepname_defaults() {
	cat <<-END
		socket = "local:$LAB_SOCKET"
		socket_mode = "0666"
		user = ""
		database = "sqlite:$LAB/$lab_keepname_is/keepname.db"
		spool = "$LAB/$lab_keepname_is/spool"
		lists = "$srcdir/rules/lists"
		libexec_dir = "$builddir/progs"
		nameservers = {"127.0.0.1@$LAB_DNS_PORT"}
		authserv_id = {"mx.lab.test"}
	END
}

lab_keepname_conf() {
	local line key
	: "${LAB_SOCKET:=$LAB/$lab_keepname_is/milter.sock}"
	mkdir -p "$LAB/$lab_keepname_is"
	chmod 711 "$LAB/$lab_keepname_is"
	{
		while IFS= read -r line; do
			key=${line%% *}
			[[ $'\n'$(printf '%s\n' "$@") == *$'\n'"$key "* ]] || printf '%s\n' "$line"
		done < <(lab_keepname_defaults)
		printf '%s\n' "$@"
	} >"$LAB/$lab_keepname_is/keepname.conf"
}

lab_keepname_start() {
	[[ -e $LAB/$lab_keepname_is/keepname.conf ]] || lab_keepname_conf
	lab_spawn_ready "$lab_keepname_is" "$builddir/progs/keepname-milter" -f -c "$LAB/$lab_keepname_is/keepname.conf" || return 1
	LAB_KEEPNAME_PID=$LAB_PID
	lab_keepname_pids[$lab_keepname_is]=$LAB_PID
}

# The daemon is told to finish what it has in hand and end.
lab_keepname_stop() { lab_stop "$LAB_KEEPNAME_PID"; }

# SIGHUP, and waits until it says that it is ready again.
lab_keepname_reload() {
	local before
	before=$(grep -c '^READY=1' "$LAB/log/$lab_keepname_is.notify" 2>/dev/null || true)
	kill -HUP "$LAB_KEEPNAME_PID"
	lab_await -p "$LAB_KEEPNAME_PID" -m "keepname to be ready after a reload" \
		text -n "$((${before:-0} + 1))" "$LAB/log/$lab_keepname_is.notify" READY=1
}

lab_keepname() { "$builddir/progs/keepname" -c "$LAB/$lab_keepname_is/keepname.conf" "$@"; }

lab_keepname_milter() {
	if [[ $LAB_POSTFIX_QUEUE && $LAB_SOCKET == "$LAB_POSTFIX_QUEUE"/* ]]; then
		printf 'unix:%s' "${LAB_SOCKET#"$LAB_POSTFIX_QUEUE"}"
	else
		printf 'unix:%s' "$LAB_SOCKET"
	fi
}
