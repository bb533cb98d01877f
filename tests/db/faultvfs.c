/* SPDX-License-Identifier: BSD-2-Clause */
/* faultvfs.c - see faultvfs.h. A file is the real one with this in front of it. */
#include "tests/db/faultvfs.h"

#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stddef.h>
#include <string.h>

#include "tests/db/unsynced.h"

struct fault_file {
	sqlite3_file base;
	const char *name;   /* SQLite's own, for as long as the file is open */
	sqlite3_file *real; /* behind this, in the same memory */
};

static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int left, code; /* operations until the fault; code 0: none */
	bool power;     /* the fault is a power cut: what is not synced by then may be lost */
	int count;
	bool hold;
	int held;
	int syncs;
	sqlite3_vfs vfs, *real;
} state = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

/* Whether this operation is to fail, and how. */
static int fault(void)
{
	pthread_mutex_lock(&state.lock);
	int code = SQLITE_OK;
	state.count++;
	if (state.code && (state.left == 0 || --state.left == 0))
		code = state.code;
	pthread_mutex_unlock(&state.lock);
	return code;
}

/* What is about to be done to a file, where that may be lost. */
static void note(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
	const struct fault_file *file = (struct fault_file *)f;
	pthread_mutex_lock(&state.lock);
	if (state.power && file->name)
		unsynced_note(file->name, file->real, from, n, at);
	pthread_mutex_unlock(&state.lock);
}

static int fail(int code)
{
	if (code == FAULTVFS_DIE)
		raise(SIGKILL);
	return code;
}

static void wait_if_held(void)
{
	pthread_mutex_lock(&state.lock);
	state.held += state.hold ? 1 : 0;
	pthread_cond_broadcast(&state.changed);
	while (state.hold)
		pthread_cond_wait(&state.changed, &state.lock);
	state.syncs++;
	pthread_mutex_unlock(&state.lock);
}

static sqlite3_file *real_of(sqlite3_file *f)
{
	return ((struct fault_file *)f)->real;
}

static int file_close(sqlite3_file *f)
{
	sqlite3_file *r = real_of(f);
	return r->pMethods ? r->pMethods->xClose(r) : SQLITE_OK;
}

static int file_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
	return real_of(f)->pMethods->xRead(real_of(f), to, n, at);
}

static int file_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
	int code = fault();
	note(f, from, code ? n / 2 : n, at);
	if (code == SQLITE_OK)
		return real_of(f)->pMethods->xWrite(real_of(f), from, n, at);
	/* Half of it gets there, as on a disk that fills up. */
	real_of(f)->pMethods->xWrite(real_of(f), from, n / 2, at);
	return fail(code);
}

static int file_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	int code = fault();
	if (code)
		return fail(code);
	note(f, NULL, 0, size);
	return real_of(f)->pMethods->xTruncate(real_of(f), size);
}

static int file_sync(sqlite3_file *f, int flags)
{
	wait_if_held();
	int code = fault();
	if (code)
		return fail(code);
	code = real_of(f)->pMethods->xSync(real_of(f), flags);
	pthread_mutex_lock(&state.lock);
	if (!code && state.power)
		unsynced_clear(((struct fault_file *)f)->name);
	pthread_mutex_unlock(&state.lock);
	return code;
}

static int file_size(sqlite3_file *f, sqlite3_int64 *ret)
{
	return real_of(f)->pMethods->xFileSize(real_of(f), ret);
}

static int file_lock(sqlite3_file *f, int level)
{
	return real_of(f)->pMethods->xLock(real_of(f), level);
}

static int file_unlock(sqlite3_file *f, int level)
{
	return real_of(f)->pMethods->xUnlock(real_of(f), level);
}

static int file_reserved(sqlite3_file *f, int *ret)
{
	return real_of(f)->pMethods->xCheckReservedLock(real_of(f), ret);
}

static int file_control(sqlite3_file *f, int op, void *arg)
{
	return real_of(f)->pMethods->xFileControl(real_of(f), op, arg);
}

static int file_sector(sqlite3_file *f)
{
	return real_of(f)->pMethods->xSectorSize(real_of(f));
}

static int file_device(sqlite3_file *f)
{
	return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f));
}

static int shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **ret)
{
	return real_of(f)->pMethods->xShmMap(real_of(f), page, size, extend, ret);
}

static int shm_lock(sqlite3_file *f, int from, int n, int flags)
{
	return real_of(f)->pMethods->xShmLock(real_of(f), from, n, flags);
}

static void shm_barrier(sqlite3_file *f)
{
	real_of(f)->pMethods->xShmBarrier(real_of(f));
}

static int shm_unmap(sqlite3_file *f, int remove)
{
	return real_of(f)->pMethods->xShmUnmap(real_of(f), remove);
}

/* Version 2: shared memory, no memory-mapped file, so that every octet comes by here. */
static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_device,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
};

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *ret_flags)
{
	struct fault_file *file = (struct fault_file *)f;
	(void)vfs;
	file->real = (sqlite3_file *)(file + 1);
	file->real->pMethods = NULL;
	file->name = name;
	int rc = state.real->xOpen(state.real, name, file->real, flags, ret_flags);
	file->base.pMethods = file->real->pMethods ? &methods : NULL;
	return rc;
}

/* Without power nothing is deleted either. */
static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
	(void)vfs;
	pthread_mutex_lock(&state.lock);
	bool dead = state.power && state.left == 0;
	pthread_mutex_unlock(&state.lock);
	return dead ? SQLITE_IOERR_DELETE : state.real->xDelete(state.real, name, sync_folder);
}

void faultvfs_install(void)
{
	state.real = sqlite3_vfs_find(NULL);
	state.vfs = *state.real;
	state.vfs.zName = "fault";
	state.vfs.pNext = NULL;
	state.vfs.szOsFile = (int)sizeof(struct fault_file) + state.real->szOsFile;
	state.vfs.xOpen = vfs_open;
	state.vfs.xDelete = vfs_delete;
	sqlite3_vfs_register(&state.vfs, 1);
}

void faultvfs_fail(int nth, int code)
{
	pthread_mutex_lock(&state.lock);
	state.left = nth;
	state.code = code;
	state.count = 0;
	pthread_mutex_unlock(&state.lock);
}

void faultvfs_cut_power(int nth)
{
	faultvfs_fail(nth, SQLITE_IOERR_WRITE);
	pthread_mutex_lock(&state.lock);
	state.power = true;
	pthread_mutex_unlock(&state.lock);
}

int faultvfs_clear(void)
{
	pthread_mutex_lock(&state.lock);
	int count = state.count;
	state.code = 0;
	state.left = 0;
	state.power = false;
	pthread_mutex_unlock(&state.lock);
	return count;
}

void faultvfs_hold(void)
{
	pthread_mutex_lock(&state.lock);
	state.hold = true;
	state.held = 0;
	state.syncs = 0;
	pthread_mutex_unlock(&state.lock);
}

void faultvfs_await_held(void)
{
	pthread_mutex_lock(&state.lock);
	while (state.held == 0)
		pthread_cond_wait(&state.changed, &state.lock);
	pthread_mutex_unlock(&state.lock);
}

void faultvfs_let_go(void)
{
	pthread_mutex_lock(&state.lock);
	state.hold = false;
	pthread_cond_broadcast(&state.changed);
	pthread_mutex_unlock(&state.lock);
}

int faultvfs_syncs(void)
{
	pthread_mutex_lock(&state.lock);
	int syncs = state.syncs;
	pthread_mutex_unlock(&state.lock);
	return syncs;
}
