# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # lab.sh, site.sh and the callers share variables
#
# Mailboxes for the tests of keepname scan: how mail lies in them, and what a scan said of it.
#
#   delivered FILE|- [TO [WHEN]] <MAIL   with the headers of a delivery on top
#   maildir FOLDER
#   found, skipped, summary FILTER       of the last scan --json
#   watch_tree FOLDER, tree_now          whether a scan changes anything

now=$(date +%s)

# One mail, as a delivering program leaves it: the recipient above Received.
delivered() { # FILE|- [TO [WHEN]]: reads the mail
	local received file=$1
	received="Received: from mail.$REGISTRAR by mx.lab.test with ESMTPS id 1
	for <${2-owner@example.com}>; $(LC_ALL=C date -R -d "@${3-$now}")"
	{
		printf 'Return-Path: <bounce@%s>\nX-Original-To: %s\nDelivered-To: %s\n%s\n' \
			"$REGISTRAR" "${2-owner@example.com}" "${2-owner@example.com}" "$received"
		cat
	} | if [[ $file == - ]]; then cat; else cat >"$file"; fi
}
maildir() { mkdir -p "$1/cur" "$1/new" "$1/tmp"; }
# What the last scan found: "N VERDICT FATE PENDING, …".
found() {
	jq -r 'select(.type == "mail") | [.verdict, .fate, .pending] | map(. // "-") | join(" ")' "$LAB/out" |
		sort | uniq -c | sed 's/^ *//' | paste -sd, | sed 's/,/, /g'
}
summary() { jq -c "select(.type == \"summary\") | $1" "$LAB/out"; }
skipped() { jq -r 'select(.type == "skipped") | (.file | sub(".*/"; "") | sub("^[0-9]+\\."; "") | sub("\\.host.*"; "")) + ": " + .why' "$LAB/out"; }
# All that a scan could change in a tree. It is made two days old first, since a time of access that is
# older than a change is always kept up.
watch_tree() {
	mapfile -d '' tree < <(find "$1" -print0)
	touch -h -d '2 days ago' "${tree[@]}"
	tree_before=$(tree_now)
}
tree_now() { stat --format '%n %F %s %X %Y %Z %a %i' "${tree[@]}"; }
