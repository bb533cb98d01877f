/* SPDX-License-Identifier: BSD-2-Clause */
/* show_config.c - keepname config: what is in use, defaults included, in the file's own syntax. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/options.h"
#include "cli/command.h"

static json_t *option_json(const struct config *config, size_t i)
{
	char *value = config_value(config, i);
	json_t *json = cli_json_text(value);

	free(value);
	return json;
}

int config_run(struct cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
	    {"sample", no_argument, NULL, 's'},
	    {NULL, 0, NULL, 0},
	};
	bool sample = false;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c != 's')
			return cli_usage("config");
		sample = true;
	}
	if (optind != argc)
		return cli_usage("config");
	if (sample) {
		config_print_sample(stdout);
	} else if (cli->json) {
		json_t *object = json_object();

		for (size_t i = 0; i < option_count; i++)
			json_object_set_new(object, option_table[i].name,
					    option_json(cli->config, i));
		return cli_print_json(object);
	} else {
		config_print(cli->config, false, stdout);
	}
	return CLI_DONE;
}
