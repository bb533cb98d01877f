# SPDX-License-Identifier: BSD-2-Clause
noinst_LIBRARIES += base/libbase.a
base_libbase_a_SOURCES = \
	base/limits.h \
	base/str.c base/str.h base/str_time.c \
	base/grow.c base/grow.h \
	base/pack.c base/pack.h \
	base/diag.c base/diag.h \
	base/program.c base/program.h \
	base/control.c base/control.h \
	base/folder.c base/folder.h \
	base/sealing.c base/sealing.h \
	base/log.c base/log.h \
	base/config.c base/config.h base/config_print.c \
	base/config_scan.c base/config_scan.h \
	base/options.c base/options.h
base_libbase_a_CPPFLAGS = $(AM_CPPFLAGS) $(CONFUSE_CFLAGS) $(SECCOMP_CFLAGS)
