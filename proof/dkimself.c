/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dkimself.c - the self-test: a message with one RSA and one Ed25519 signature, its keys, and the
 * same message with one octet changed. The private keys were thrown away. No time stands in the
 * signatures, so that they never expire.
 */
#include "proof/dkimself.h"

#include <string.h>

#include "proof/dkimcheck.h"

#define SELF_DOMAIN "keepname.example"

static const char *const header[][2] = {
    {"DKIM-Signature", "v=1; a=ed25519-sha256; c=simple/simple; d=keepname.example; s=ed;\n\th=F"
		       "rom:Subject:Date;\n\tbh=FM8kKMhIBl/R/BjcKqhBuPgvoRbrDiubzQaUwrAyMSA=;\n"
		       "\tb=fZ72NAfU2wESs6312IxrHPfTeuEs9Cr1TBWh+vBQSLb6cZFHSajQLNzWita5NGcdJ1sk"
		       "ivnb6CvbFXtjKhrfCg=="},
    {"DKIM-Signature", "v=1; a=rsa-sha256; c=relaxed/relaxed; d=keepname.example; s=rsa;\n\th=Fr"
		       "om:Subject:Date;\n\tbh=FM8kKMhIBl/R/BjcKqhBuPgvoRbrDiubzQaUwrAyMSA=;\n\t"
		       "b=WDQypfmTqOcwil45ejuZD0t37P8qBtQUl5Qli3V2EJ+y2cWtaFf1R2FfDngkUBHYCHq18z"
		       "WDZUm4fl3rIZlU5yh1GAVd8VkOcZjfGMvqDTLkKRaSvifYoOXGvxHEouffnZhzKMjcof4Bpj"
		       "nipj+2lQWAEf1F65FSi8nM+JXVKXB+HJ7RiCf2wiOfvH3Cz7iJyCHETJLMTwgt9ZZ0BqJaxU"
		       "ty3JZwEQdpZDta4YEEuqrPk2LvlVz7o7IUx7d50U34qFRT7MA8Co/LUzZqJ1UVPEMbh39KXS"
		       "IxBzn5d8+LiObLxmL3JUSAMJeDRb0qkpB4M8Pm8tvtg49oO9i9+a0N2A=="},
    {"From", "self@keepname.example"},
    {"Subject", "self test"},
    {"Date", "Sun, 01 Nov 2026 00:00:00 +0000"},
};

static const char body[] = "The library verifies what it should.\r\n";
static const char changed_body[] = "The Library verifies what it should.\r\n";

static const char rsa_key[] =
    "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA2fHxyOhFsp"
    "xSPGqGPcpCEIIlBYBmWLHqvuWQ34rQ1BMR1zmZEX0a8/kB8b8/jxPoqke0IpXfoM23ViMkni"
    "P82pjn3YFHQrACMUnvspl3Ms5Q9kWSXwujBDGb4/DtcCehYhxqmDI3nNwdxP3YMJV5c360Ig"
    "d57dQgfsqkuhTkfeuDg1CSQ/Cgomc449V66dS8JMHWPKKEp04zxyLP8SmXdCkipRJoDP6nRF"
    "fo9E6xiEzcYraL1ekRC6YEVICPz4GPIphBes/YPpvdRy5I4wF7Uw37nvl0fzlUidM5l4jpy8"
    "xGUWbmhd3HuN99hgUJOTl7KyG3xU1oYhU3tsEDzBRpkQIDAQAB";

static const char ed_key[] = "v=DKIM1; k=ed25519; p=kc58/UCcxZUv2VGPwR7rA2DjX+DLRbr6/Ggq9T23N8U=";

struct keys {
	struct answer rsa, ed, none;
};

static const struct answer *ask(void *context, enum question_type type, const char *name)
{
	const struct keys *keys = context;
	if (type == QUESTION_TXT && strcmp(name, "rsa._domainkey." SELF_DOMAIN) == 0)
		return &keys->rsa;
	if (type == QUESTION_TXT && strcmp(name, "ed._domainkey." SELF_DOMAIN) == 0)
		return &keys->ed;
	return &keys->none;
}

static bool check(const struct message *m, const struct resolver *resolver, const char *text,
		  enum auth_result want)
{
	struct finding f = {0};
	struct dkimcheck *d = dkimcheck_begin(m, SELF_DOMAIN, NULL, resolver, 0);
	if (!d)
		return false;
	dkimcheck_body(d, text, strlen(text));
	dkimcheck_end(d, false, &f);
	dkimcheck_free(d);
	bool ok = f.dkim_count == 2;
	for (uint32_t i = 0; i < f.dkim_count; i++)
		ok = ok && f.dkim[i].result == want && f.dkim[i].flaws == 0;
	return ok;
}

bool dkimself_test(void)
{
	struct keys keys = {.none.status = ANSWER_NO_NAME};
	struct resolver resolver = {.ask = ask, .context = &keys};
	struct message m;
	message_init(&m);
	for (size_t i = 0; i < sizeof header / sizeof *header; i++)
		message_add_header(&m, header[i][0], header[i][1]);
	bool ok = !m.overflow && answer_add(&keys.rsa, rsa_key, sizeof rsa_key - 1) &&
		  answer_add(&keys.ed, ed_key, sizeof ed_key - 1) &&
		  check(&m, &resolver, body, AUTH_PASS) &&
		  check(&m, &resolver, changed_body, AUTH_FAIL);
	answer_free(&keys.rsa);
	answer_free(&keys.ed);
	message_free(&m);
	return ok;
}
