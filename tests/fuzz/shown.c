/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text that came with a mail, as it is shown: a value in the log, text in a page. It ends neither:
 * the value read back is what was given, or its beginning where that was too long, and in the page
 * it is text alone.
 */
#include "tests/fuzz/fuzz.h"

#include "base/limits.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/html.h"

/* For the usage of keepname itself, which nothing here prints. */
const struct command command_table[] = {{.name = NULL}};
const size_t command_count = 0;

static unsigned digit(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a') + 10;
}

/* "key=value" or "key=\"value\"", nothing else, back to the value. */
static void read_value(const char *line, struct str *to, bool *ret_cut)
{
	FUZZ_CHECK(strncmp(line, "key=", 4) == 0, "%s", line);
	size_t n = strlen(line);
	const char *p = line + 4, *end = line + n;
	bool quoted = *p == '"';
	if (quoted) {
		FUZZ_CHECK(n >= 6 && end[-1] == '"', "%s", line);
		p++;
		end--;
	}
	*ret_cut = end - p > LIMIT_LOG_VALUE;
	FUZZ_CHECK(end - p <= LIMIT_LOG_VALUE + 3, "%zu octets", n);
	if (*ret_cut || (end - p > LIMIT_LOG_VALUE - 4 && memcmp(end - 3, "...", 3) == 0)) {
		*ret_cut = true;
		end -= 3;
	}
	while (p < end) {
		FUZZ_CHECK((unsigned char)*p >= ' ' && (unsigned char)*p < 0x7f && *p != '"', "%s",
			   line);
		FUZZ_CHECK(quoted || (*p != ' ' && *p != '=' && *p != ';'), "%s", line);
		if (*p == '\\') {
			FUZZ_CHECK(end - p >= 4 && p[1] == 'x', "%s", line);
			str_putc(to, (char)(digit(p[2]) << 4 | digit(p[3])));
			p += 4;
		} else {
			str_putc(to, *p++);
		}
	}
}

static void check_log(const char *text)
{
	struct log_line l = {0};
	struct str back = {0};
	bool cut;
	log_key(&l, "key", text);
	if (*text) {
		read_value(str_text(&l.text), &back, &cut);
		FUZZ_CHECK(strncmp(text, str_text(&back), back.n) == 0 && (cut || !text[back.n]),
			   "%s", str_text(&l.text));
	}
	str_free(&l.text);
	str_free(&back);
}

static void check_page(const char *text)
{
	struct str page = {0};
	html_text(text, &page);
	for (const char *p = str_text(&page); *p; p++) {
		FUZZ_CHECK(!strchr("<>\"", *p), "%s", str_text(&page));
		FUZZ_CHECK((unsigned char)*p >= ' ' && *p != 0x7f, "octet %d", *p);
		FUZZ_CHECK(*p != '&' || strncmp(p, "&lt;", 4) == 0 || strncmp(p, "&gt;", 4) == 0 ||
			       strncmp(p, "&amp;", 5) == 0 || strncmp(p, "&quot;", 6) == 0,
			   "%s", str_text(&page));
	}
	str_free(&page);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char *text = slice_dup((struct slice){(const char *)p, n});
	FUZZ_CHECK(text, "memory");
	check_log(text);
	check_page(text);
	free(text);
	return 0;
}
