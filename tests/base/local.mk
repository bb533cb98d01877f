# SPDX-License-Identifier: BSD-2-Clause
if HAVE_CMOCKA
BASE_TESTS = \
	tests/base/str tests/base/grow tests/base/pack tests/base/diag tests/base/log \
	tests/base/program tests/base/config tests/base/folder \
	tests/base/words
check_PROGRAMS += $(BASE_TESTS) tests/base/fdshow
UNIT_TESTS += $(BASE_TESTS)

tests_base_str_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_base_str_LDADD = base/libbase.a $(CMOCKA_LIBS)
tests_base_grow_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_base_grow_LDADD = base/libbase.a $(CMOCKA_LIBS)
tests_base_pack_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_base_pack_LDADD = base/libbase.a $(CMOCKA_LIBS)
tests_base_diag_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_base_diag_LDADD = base/libbase.a $(CMOCKA_LIBS)
tests_base_log_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_base_log_LDADD = base/libbase.a $(CMOCKA_LIBS) -lpthread
tests_base_program_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_base_program_LDADD = base/libbase.a $(CMOCKA_LIBS)
tests_base_config_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_base_config_LDADD = base/libbase.a $(CONFUSE_LIBS) $(CMOCKA_LIBS)
tests_base_folder_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_base_folder_LDADD = base/libbase.a $(CMOCKA_LIBS)
tests_base_words_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_base_words_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
endif
