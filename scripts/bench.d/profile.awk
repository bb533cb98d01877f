# SPDX-License-Identifier: BSD-2-Clause
# Of scripts/bench --profile: samples of perf script (a head with the program's name, then the call chain, the
# innermost first; an empty line ends it) sorted into what was done.
function part_of(program, kernel, chain, dso) {
	if (chain ~ /exit_mmap|do_exit|do_group_exit|release_task|wait4|waitid|kernel_clone|copy_process|dup_mm/)
		return program ~ /judge/ ? "judge: fork and exit" : "other: processes"
	if (chain ~ /page_fault/) return program ~ /judge/ ? "judge: page faults" : "other: page faults"
	if (chain ~ /fsync|fdatasync|ext4|xfs|overlay|vfs_write|vfs_pwrite|pwrite64|shmem/ && program ~ /listen/)
		return "listener: store, the kernel's part"
	if (kernel) {
		if (program ~ /judge/) return "judge: other system calls"
		if (program ~ /resolv/) return "resolver"
		return program ~ /listen/ ? "listener: other system calls" : "other"
	}
	if (program ~ /resolv/) return "resolver"
	if (program ~ /listen/) return dso ~ /sqlite/ ? "listener: store" : "listener: milter, candidate, edits"
	if (program ~ /judge/) {
		if (dso ~ /opendkim|crypto|ssl/) return "judge: DKIM"
		if (dso ~ /spf/) return "judge: SPF"
		if (dso ~ /gmime|glib|gobject|gio/) return "judge: MIME (GMime)"
		if (dso ~ /xml2|icu/) return "judge: HTML (libxml2)"
		if (dso ~ /pcre/) return "judge: patterns (PCRE2)"
		if (dso ~ /anon|JIT|unknown/) return "judge: patterns, compiled"
		if (dso ~ /keepname-judge/) return "judge: rules, frames"
		if (dso ~ /ld-linux/) return "judge: symbols looked up (ld.so)"
		return dso ~ /libc/ ? "judge: memory and strings (libc)" : "judge: other libraries"
	}
	return "other"
}
/^[^ \t]/ { program = $1; chain = ""; first = ""; next }
NF == 0 {
	if (first != "") {
		n[part_of(program, kernel, chain, first)]++
		all++
	}
	first = ""
	next
}
{
	if (first == "") {
		first = $NF
		kernel = first ~ /kernel|unknown/ && $1 ~ /^ffff/
	}
	chain = chain " " $2
}
END {
	for (p in n) printf "%6.1f %%  %s\n", 100 * n[p] / all, p | "sort -rn"
	close("sort -rn")
	print all + 0, "samples"
}
