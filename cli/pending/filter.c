/* SPDX-License-Identifier: BSD-2-Clause */
/* filter.c - which pendings a command is about; see filter.h. */
#include "cli/pending/filter.h"

#include <stdlib.h>

#include "cli/pending/pending.h"
#include "db/record.h"
#include "rules/core/domain.h"

enum {
	DAY = 86400,
	DUE_MOST = 36500, /* days; a hundred years is as good as any */
	CHOSEN_FIRST = 64,
};

/* -- options -------------------------------------------------------------------------------- */

static int take_due(struct filter *f, const struct cli *cli, const char *command)
{
	uint64_t days;

	if (!str_to_u64(slice_of(optarg), DUE_MOST, &days))
		return cli_trouble(command, "--due \"%s\": a number of days is expected", optarg);
	f->is.due_before = cli->now + (int64_t)days * DAY;
	return CLI_DONE;
}

static int take_state(struct filter *f, const char *command)
{
	enum pending_state state;

	if (!pending_state_of_name(slice_of(optarg), &state))
		return cli_trouble(
		    command,
		    "--state \"%s\": open, review, expired, held, done or resolved is expected",
		    optarg);
	f->is.states |= 1u << state;
	return CLI_DONE;
}

static int take_domain(struct filter *f, const char *command)
{
	if (!domain_normalise(slice_of(optarg), false, f->domain))
		return cli_trouble(command, "--domain \"%s\": a domain is expected", optarg);
	f->is.domain = f->domain;
	return CLI_DONE;
}

static int take_class(struct filter *f, const char *command)
{
	enum class_id class;

	if (!class_of_name(slice_of(optarg), &class))
		return cli_trouble(command,
				   "--class \"%s\": one of keepname-verdict(7) is expected, such "
				   "as verification",
				   optarg);
	f->is.classes |= 1u << class;
	return CLI_DONE;
}

static int take_ours(struct filter *f, const char *command)
{
	enum ours ours;

	if (!record_ours_of_name(optarg, &ours))
		return cli_trouble(command, "--ours \"%s\": yes, no or unset is expected", optarg);
	f->is.ours |= 1u << ours;
	return CLI_DONE;
}

int filter_take(struct filter *f, const struct cli *cli, const char *command, int c)
{
	if (c >= FILTER_DUE)
		f->given |= 1u << (c - FILTER_DUE);
	switch (c) {
	case FILTER_DUE: return take_due(f, cli, command);
	case FILTER_STATE: return take_state(f, command);
	case FILTER_DOMAIN: return take_domain(f, command);
	case FILTER_RECIPIENT: f->is.recipient = optarg; return CLI_DONE;
	case FILTER_REGISTRAR: f->is.registrar = optarg; return CLI_DONE;
	case FILTER_CLASS: return take_class(f, command);
	case FILTER_OURS: return take_ours(f, command);
	case FILTER_ALL: f->is.states = PENDING_ALL; return CLI_DONE;
	default: return cli_usage(command);
	}
}

/* -- pendings ------------------------------------------------------------------------------- */

static void add(struct chosen *c, int64_t id)
{
	if (c->count == c->size) {
		const size_t size = c->size > 0 ? 2 * c->size : CHOSEN_FIRST;
		int64_t *more = reallocarray(c->id, size, sizeof(*more));

		if (more == NULL) {
			c->failed = true;
			return;
		}
		c->id = more;
		c->size = size;
	}
	c->id[c->count++] = id;
}

int chosen_read(const char *command, int argc, char **argv, struct chosen *ret_chosen)
{
	uint64_t value;

	for (int i = optind; i < argc; i++) {
		if (!str_to_u64(slice_of(argv[i]), INT64_MAX, &value) || value == 0)
			return cli_trouble(command, "\"%s\": the number of a pending is expected",
					   argv[i]);
		add(ret_chosen, (int64_t)value);
	}
	return ret_chosen->failed ? cli_trouble(command, "memory is short") : CLI_DONE;
}

struct finding_them {
	struct chosen *to;
	struct pending_printer printer;
	bool show;
};

static void find_one(void *context, const struct pending *p)
{
	struct finding_them *f = context;

	add(f->to, p->id);
	if (f->show)
		pending_print(&f->printer, p);
}

int chosen_find(const struct cli *cli, const char *command, struct store *store,
		const struct filter *f, bool show, struct chosen *ret_chosen)
{
	struct finding_them finding = {ret_chosen, {.cli = cli}, show};

	if (pendings_each(store, &f->is, find_one, &finding) != STORE_OK)
		return cli_trouble(command, "%s", store_error(store));
	return ret_chosen->failed ? cli_trouble(command, "memory is short") : CLI_DONE;
}

void chosen_free(struct chosen *c)
{
	free(c->id);
	*c = (struct chosen){0};
}
