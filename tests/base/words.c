/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Words that base/ only lists and another room gives a meaning: they must be the same ones, and
 * where their position is the value, in the same order.
 */
#include "base/config.h"
#include "base/log.h"
#include "base/options.h"
#include "rules/core/terms.h"
#include "tests/rules/table.h"

static const struct config_option *option(const char *name)
{
	const struct config_option *o = option_find(slice_of(name));
	assert_non_null(o);
	assert_non_null(o->choices);
	return o;
}

static void boost_takes_every_class_and_nothing_else(void **state)
{
	(void)state;
	const struct config_option *boost = option("boost");
	size_t words = 0;
	for (; option_choice_at(boost->choices, words).n > 0; words++) {
		enum class_id class;
		struct slice word = option_choice_at(boost->choices, words);
		CHECK(class_of_name(word, &class), "%.*s", (int)word.n, word.p);
	}
	assert_int_equal(words, CLASS_COUNT - 1); /* CLASS_NONE has no word */
}

static const struct {
	const char *option, *word;
	long value;
} values[] = {
    {"mode", "rescue", CONFIG_MODE_RESCUE},
    {"mode", "observe", CONFIG_MODE_OBSERVE},
    {"on_dns_error", "accept", CONFIG_DNS_ERROR_ACCEPT},
    {"on_dns_error", "tempfail", CONFIG_DNS_ERROR_TEMPFAIL},
    {"log_level", "error", LOG_LEVEL_ERROR},
    {"log_level", "warning", LOG_LEVEL_WARNING},
    {"log_level", "info", LOG_LEVEL_INFO},
    {"log_level", "debug", LOG_LEVEL_DEBUG},
};

static void positions_are_the_enums(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(values); i++)
		CHECK(option_choice(option(values[i].option)->choices, slice_of(values[i].word)) ==
			  values[i].value,
		      "%s %s", values[i].option, values[i].word);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(boost_takes_every_class_and_nothing_else),
	    cmocka_unit_test(positions_are_the_enums),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
