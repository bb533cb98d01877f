/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scan_inflate.c - see scan_inflate.h. Four libraries behind one step; what they may need is
 * bounded: xz and lzma by XZ_MEMORY, zstd by its own limit of 128 MB for a window.
 */
#include "cli/scan/scan_inflate.h"

#include <stdlib.h>
#include <string.h>

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

enum {
	XZ_MEMORY = 128 * 1024 * 1024, /* xz -9 needs 65 MB */
	GZIP_ONLY = 16 + MAX_WBITS,
	STEP_MOST = 1 << 30, /* the libraries count in unsigned int */
};

struct inflate {
	enum inflate_form form;
	bool between; /* one text has ended, nothing of another has come */
	union {
		z_stream gzip;
		bz_stream bzip2;
		lzma_stream xz;
		ZSTD_DStream *zstd;
	} with;
};

/* -- forms ---------------------------------------------------------------------------------- */

#define STARTS(text) (start.n >= sizeof(text) - 1 && memcmp(start.p, text, sizeof(text) - 1) == 0)

/* lzma has no magic: its properties as every encoder writes them, a dictionary size that is a power
 * of two or three of them, and the size of the text known to be unknown or below 256 GB. */
static bool is_lzma(struct slice start)
{
	static const char unknown[8] = "\377\377\377\377\377\377\377\377";

	return start.n >= INFLATE_MAGIC && STARTS("\135\0\0") &&
	       (memcmp(start.p + 5, unknown, 8) == 0 || memcmp(start.p + 10, "\0\0\0", 3) == 0);
}

enum inflate_form inflate_form_of(struct slice start)
{
	if (STARTS("\037\213\010"))
		return INFLATE_GZIP;
	if (STARTS("\375\067zXZ\0"))
		return INFLATE_XZ;
	if (STARTS("\050\265\057\375"))
		return INFLATE_ZSTD;
	if (start.n >= 10 && STARTS("BZh") && memcmp(start.p + 4, "1AY&SY", 6) == 0)
		return INFLATE_BZIP2;
	if (STARTS("Dovecot-LZ4\r*"))
		return INFLATE_LZ4;
	return is_lzma(start) ? INFLATE_LZMA : INFLATE_PLAIN;
}

static bool start_decoder(struct inflate *i)
{
	switch (i->form) {
	case INFLATE_GZIP: return inflateInit2(&i->with.gzip, GZIP_ONLY) == Z_OK;
	case INFLATE_BZIP2: return BZ2_bzDecompressInit(&i->with.bzip2, 0, 0) == BZ_OK;
	case INFLATE_XZ:
		return lzma_stream_decoder(&i->with.xz, XZ_MEMORY, LZMA_CONCATENATED) == LZMA_OK;
	case INFLATE_LZMA: return lzma_alone_decoder(&i->with.xz, XZ_MEMORY) == LZMA_OK;
	case INFLATE_ZSTD: i->with.zstd = ZSTD_createDStream(); return i->with.zstd != NULL;
	default: return false;
	}
}

static void end_decoder(struct inflate *i)
{
	switch (i->form) {
	case INFLATE_GZIP: inflateEnd(&i->with.gzip); break;
	case INFLATE_BZIP2: BZ2_bzDecompressEnd(&i->with.bzip2); break;
	case INFLATE_XZ:
	case INFLATE_LZMA: lzma_end(&i->with.xz); break;
	case INFLATE_ZSTD: ZSTD_freeDStream(i->with.zstd); break;
	default: break;
	}
}

struct inflate *inflate_begin(enum inflate_form form)
{
	struct inflate *i = calloc(1, sizeof(*i));

	if (i == NULL)
		return NULL;
	i->form = form;
	if (start_decoder(i))
		return i;
	free(i);
	return NULL;
}

void inflate_free(struct inflate *i)
{
	if (i == NULL)
		return;
	end_decoder(i);
	free(i);
}

/* -- steps ---------------------------------------------------------------------------------- */

static void *octets(const char *p)
{
	return (void *)(uintptr_t)p; /* the libraries lack const */
}

static void taken(struct slice *in, size_t left)
{
	in->p += in->n - left;
	in->n = left;
}

static enum inflate_status step_gzip(struct inflate *i, struct slice *in, char *to, size_t room,
				     size_t *ret_n)
{
	z_stream *z = &i->with.gzip;
	int rc;

	z->next_in = octets(in->p);
	z->avail_in = (unsigned)in->n;
	z->next_out = (unsigned char *)to;
	z->avail_out = (unsigned)room;
	rc = inflate(z, Z_NO_FLUSH);
	taken(in, z->avail_in);
	*ret_n = room - z->avail_out;
	if (rc == Z_STREAM_END)
		return inflateReset(z) == Z_OK ? INFLATE_END : INFLATE_BROKEN;
	return rc == Z_OK || rc == Z_BUF_ERROR ? INFLATE_MORE : INFLATE_BROKEN;
}

static enum inflate_status step_bzip2(struct inflate *i, struct slice *in, char *to, size_t room,
				      size_t *ret_n)
{
	bz_stream *b = &i->with.bzip2;
	int rc;

	b->next_in = octets(in->p);
	b->avail_in = (unsigned)in->n;
	b->next_out = to;
	b->avail_out = (unsigned)room;
	rc = BZ2_bzDecompress(b);
	taken(in, b->avail_in);
	*ret_n = room - b->avail_out;
	if (rc != BZ_STREAM_END)
		return rc == BZ_OK ? INFLATE_MORE : INFLATE_BROKEN;
	BZ2_bzDecompressEnd(b);
	memset(b, 0, sizeof(*b));
	return start_decoder(i) ? INFLATE_END : INFLATE_BROKEN;
}

/* xz goes on by itself with what follows (LZMA_CONCATENATED); lzma ends where it says. */
static enum inflate_status step_xz(struct inflate *i, struct slice *in, bool at_end, char *to,
				   size_t room, size_t *ret_n)
{
	lzma_stream *x = &i->with.xz;
	lzma_ret rc;

	x->next_in = octets(in->p);
	x->avail_in = in->n;
	x->next_out = (unsigned char *)to;
	x->avail_out = room;
	rc = lzma_code(x, at_end && i->form == INFLATE_XZ ? LZMA_FINISH : LZMA_RUN);
	taken(in, x->avail_in);
	*ret_n = room - x->avail_out;
	if (rc == LZMA_STREAM_END)
		return INFLATE_END;
	return rc == LZMA_OK || rc == LZMA_BUF_ERROR ? INFLATE_MORE : INFLATE_BROKEN;
}

static enum inflate_status step_zstd(struct inflate *i, struct slice *in, char *to, size_t room,
				     size_t *ret_n)
{
	ZSTD_inBuffer from = {in->p, in->n, 0};
	ZSTD_outBuffer out = {to, room, 0};
	const size_t rc = ZSTD_decompressStream(i->with.zstd, &out, &from);

	taken(in, in->n - from.pos);
	*ret_n = out.pos;
	if (ZSTD_isError(rc))
		return INFLATE_BROKEN;
	return rc == 0 ? INFLATE_END : INFLATE_MORE;
}

static enum inflate_status step(struct inflate *i, struct slice *in, bool at_end, char *to,
				size_t room, size_t *ret_n)
{
	switch (i->form) {
	case INFLATE_GZIP: return step_gzip(i, in, to, room, ret_n);
	case INFLATE_BZIP2: return step_bzip2(i, in, to, room, ret_n);
	case INFLATE_XZ:
	case INFLATE_LZMA: return step_xz(i, in, at_end, to, room, ret_n);
	case INFLATE_ZSTD: return step_zstd(i, in, to, room, ret_n);
	default: return INFLATE_BROKEN;
	}
}

enum inflate_status inflate_step(struct inflate *i, struct slice *in, bool at_end, char *to,
				 size_t room, size_t *ret_n)
{
	const size_t before = in->n;
	enum inflate_status status;

	*ret_n = 0;
	if (room > STEP_MOST)
		room = STEP_MOST;
	if (i->between && in->n == 0)
		return at_end ? INFLATE_END : INFLATE_MORE;
	status = step(i, in, at_end, to, room, ret_n);
	/* Padding and the like behind a whole text is no part of it (gzip(1) ignores it too). */
	if (status == INFLATE_BROKEN && i->between)
		return INFLATE_END;
	if (status == INFLATE_END && i->form != INFLATE_XZ && i->form != INFLATE_LZMA) {
		i->between = true;
		return INFLATE_MORE;
	}
	if (*ret_n > 0 || in->n < before)
		i->between = false;
	else if (status == INFLATE_MORE && at_end && room > 0)
		return INFLATE_BROKEN;
	return status;
}
