# SPDX-License-Identifier: BSD-2-Clause
dist_man_MANS += \
	man/keepname.1 \
	man/keepname.conf.5 \
	man/keepname-lists.5 \
	man/keepname-verdict.7 \
	man/keepname-milter.8
