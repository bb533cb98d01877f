/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * senders.c - keepname senders: list, show, remove, disable, enable. What changes is in use within
 * seconds: the daemon watches the list's generation.
 */
#include "cli/senders/senders.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/senders.h"

struct list *senders_in_use(const struct cli *cli)
{
	struct list *list = cli_list(cli);

	if (list == NULL)
		cli_trouble("senders", "no list can be read");
	return list;
}

static void class_names(uint32_t classes, struct str *to)
{
	for (int i = 1; i < CLASS_COUNT; i++)
		if ((classes & 1u << i) != 0)
			str_printf(to, "%s%s", to->n > 0 ? "," : "", class_name((enum class_id)i));
}

static json_t *sender_json(const struct sender *s)
{
	json_t *classes = json_array();

	for (int i = 1; i < CLASS_COUNT; i++)
		if ((s->classes & 1u << i) != 0)
			json_array_append_new(classes, json_string(class_name((enum class_id)i)));
	return json_pack("{s:s s:o s:s s:o s:o s:o s:b s:b s:o}", "name", s->name, "from",
			 cli_json_text(s->from), "domain", s->domain, "registrar",
			 cli_json_text(s->registrar), "platform", cli_json_text(s->platform_name),
			 "classes", classes, "enabled", (int)s->enabled, "local", (int)s->local,
			 "last_seen", cli_json_text(s->last_seen));
}

static void print_sender(const struct sender *s)
{
	struct str classes = {0}, from = {0};

	class_names(s->classes, &classes);
	str_printf(&from, "%s%s", s->from != NULL ? "" : "*@",
		   s->from != NULL ? s->from : s->domain);
	printf("%-8s %-7s %-27s %-36s %s\n", s->enabled ? "enabled" : "disabled",
	       s->local ? "own" : "shipped", s->name, str_text(&from), str_text(&classes));
	str_free(&classes);
	str_free(&from);
}

static int run_list(struct cli *cli, int argc, char **argv)
{
	struct list *list;
	json_t *array = NULL;

	(void)argv;
	if (argc != 1)
		return cli_usage("senders");
	list = senders_in_use(cli);
	if (list == NULL)
		return CLI_TROUBLE;
	if (cli->json)
		array = json_array();
	for (size_t i = 0; i < list_count(list); i++) {
		if (array != NULL)
			json_array_append_new(array, sender_json(list_at(list, i)));
		else
			print_sender(list_at(list, i));
	}
	list_free(list);
	return array != NULL ? cli_print_json(array) : CLI_DONE;
}

static const struct sender *find(const struct list *list, const char *text)
{
	struct address address;
	const struct sender *s = list_find_name(list, text);

	if (s == NULL && address_parse(slice_of(text), &address))
		s = list_find(list, &address);
	return s;
}

static int run_show(struct cli *cli, int argc, char **argv)
{
	struct str text = {0};
	struct list *list;
	const struct sender *s;
	int status = CLI_DONE;

	if (argc != 2)
		return cli_usage("senders");
	list = senders_in_use(cli);
	if (list == NULL)
		return CLI_TROUBLE;
	s = find(list, argv[1]);
	if (s == NULL) {
		cli_trouble("senders", "\"%s\" is neither the name nor the address of an entry",
			    argv[1]);
		status = CLI_NO;
	} else if (cli->json) {
		status = cli_print_json(sender_json(s));
	} else {
		sender_print(s, &text);
		if (s->added_count > 0) {
			str_puts(&text, "\n");
			sender_print_added(s, &text);
		}
		if (s->platform != NULL) {
			str_puts(&text, "\n");
			platform_print(s->platform, &text);
		}
		fputs(str_text(&text), stdout);
	}
	str_free(&text);
	list_free(list);
	return status;
}

/* What was asked for is not there. */
static int say_missing(const char *change, bool links, const char *name)
{
	if (links)
		cli_trouble("senders", "no links of your own are added to \"%s\"", name);
	else if (strcmp(change, "remove") == 0)
		cli_trouble("senders",
			    "\"%s\" is no entry of your own (shipped ones can be disabled)", name);
	else
		cli_trouble("senders", "there is no entry named \"%s\"", name);
	return CLI_NO;
}

static enum store_status change(struct store *store, const char *what, bool links, const char *name)
{
	char actor[64];

	cli_actor(actor);
	if (links)
		return senders_remove_links(store, name, actor);
	if (strcmp(what, "remove") == 0)
		return senders_remove(store, name, actor);
	return senders_switch(store, name, strcmp(what, "enable") == 0, actor);
}

/* remove, disable and enable: one entry by its name. */
static int run_change(struct cli *cli, int argc, char **argv)
{
	const bool links =
	    argc == 3 && strcmp(argv[0], "remove") == 0 && strcmp(argv[1], "--links") == 0;
	const char *name = argv[argc - 1];
	struct store *store;
	enum store_status result;
	int status = CLI_DONE;

	if (argc != 2 && !links)
		return cli_usage("senders");
	store = cli_store(cli, "senders", STORE_WRITE);
	if (store == NULL)
		return CLI_TROUBLE;
	result = change(store, argv[0], links, name);
	if (result == STORE_NOT_FOUND)
		status = say_missing(argv[0], links, name);
	else if (result != STORE_OK)
		status = cli_trouble("senders", "%s", store_error(store));
	store_close(store);
	return status;
}

int senders_run(struct cli *cli, int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(struct cli *cli, int argc, char **argv);
	} part[] = {
	    {"list", run_list},
	    {"show", run_show},
	    {"add", senders_add_run},
	    {"remove", run_change},
	    {"disable", run_change},
	    {"enable", run_change},
	    {"test", senders_test_run},
	    {"suggestions", senders_suggestions_run},
	    {"accept", senders_accept_run},
	    {"reject", senders_reject_run},
	    {"update", senders_update_run},
	};

	for (size_t i = 0; argc > 1 && i < sizeof(part) / sizeof(part[0]); i++)
		if (strcmp(argv[1], part[i].name) == 0)
			return part[i].run(cli, argc - 1, argv + 1);
	return cli_usage("senders");
}
