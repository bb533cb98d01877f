# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2154 # lab.sh and its callers share variables
#
# Web servers of the lab (tests/lab/web.py says which paths misbehave how).
#
#   lab_web NAME [CERTIFICATE]   starts one that serves $LAB/web; its port in LAB_WEB_PORT, its process
#                                in LAB_WEB_PID, its requests in $LAB/log/NAME.requests. With
#                                CERTIFICATE (a file with its key) by https.
#   lab_certificate FILE NAME    makes one, self-signed, for that name (IP:127.0.0.1), good for a day

lab_web() {
	mkdir -p "$LAB/web"
	: >"$LAB/log/$1.requests"
	# shellcheck disable=SC2094 # the port goes into one file, requests into another
	python3 "$srcdir/tests/lab/web.py" "$LAB/log/$1.requests" "$LAB/web" "${@:2}" </dev/null \
		>"$LAB/log/$1.port" 2>>"$LAB/log/$1.log" &
	disown
	LAB_WEB_PID=$!
	lab_remember "$LAB_WEB_PID"
	lab_await -p "$LAB_WEB_PID" -m "the web server $1" text "$LAB/log/$1.port" $'\n' || return 1
	# shellcheck disable=SC2034 # for the caller
	LAB_WEB_PORT=$(<"$LAB/log/$1.port")
}

lab_certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=lab \
		-addext "subjectAltName=$2" -keyout "$1.key" -out "$1.crt" 2>>"$LAB/log/openssl.log" || return 1
	cat "$1.crt" "$1.key" >"$1"
}
