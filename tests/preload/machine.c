/* A machine on a bad day, beneath the real program: loaded before the C library, steered by files in a folder.
 *
 * ATTUNE_MACHINE       the folder that steers it
 * ATTUNE_MACHINE_DATA  the folder whose files it cares for
 *
 * In the first, `wall` holds seconds that are added to the wall clock, `full` makes the disk full, `readonly` takes
 * away the right to write, and `journal` is given each write and each sync, in their order. With `lies` a sync does
 * nothing at all, as on a disk that lies.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* Order in the journal is order on the disk. */
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static int steered(const char *what, char *path)
{
    const char *folder = getenv("ATTUNE_MACHINE");
    if (folder == NULL)
        return 0;
    snprintf(path, PATH_MAX, "%s/%s", folder, what);
    return access(path, F_OK) == 0;
}

static int is_on(const char *what)
{
    char path[PATH_MAX];
    return steered(what, path);
}

/* The name of a file of the data folder, or NULL. What is shared memory, or only locked, is never lost or full. */
static const char *name_of(const char *path)
{
    const char *data = getenv("ATTUNE_MACHINE_DATA");
    size_t length = data == NULL ? 0 : strlen(data);
    if (length == 0 || strncmp(path, data, length) != 0 || path[length] != '/')
        return NULL;
    const char *name = path + length + 1;
    size_t end = strlen(name);
    return end > 4 && strcmp(name + end - 4, "-shm") == 0 ? NULL : name;
}

static const char *name_of_open(int file, char *path)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0)
        return NULL;
    path[length] = 0;
    return name_of(path);
}

static void note(char what, const char *name, uint64_t at, const void *bytes, uint32_t length)
{
    char path[PATH_MAX];
    if (!steered("journal", path))
        return;
    uint32_t name_length = strlen(name);
    size_t whole = 1 + 4 + 8 + 4 + name_length + length;
    char *record = malloc(whole), *end = record;
    *end++ = what;
    end = mempcpy(end, &name_length, 4);
    end = mempcpy(end, &at, 8);
    end = mempcpy(end, &length, 4);
    end = mempcpy(end, name, name_length);
    mempcpy(end, bytes, length);
    int journal = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CLOEXEC);
    if (journal < 0 || syscall(SYS_write, journal, record, whole) != (long)whole)
        abort();
    syscall(SYS_close, journal);
    free(record);
}

static int is_full(void)
{
    if (!is_on("full"))
        return 0;
    errno = ENOSPC;
    return 1;
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t at)
{
    char path[PATH_MAX];
    const char *name = name_of_open(file, path);
    if (name == NULL)
        return NEXT(pwrite64)(file, bytes, length, at);
    if (is_full())
        return -1;
    pthread_mutex_lock(&turn);
    note('W', name, at, bytes, length);
    ssize_t written = NEXT(pwrite64)(file, bytes, length, at);
    pthread_mutex_unlock(&turn);
    return written;
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t at)
{
    return pwrite64(file, bytes, length, at);
}

ssize_t write(int file, const void *bytes, size_t length)
{
    char path[PATH_MAX];
    if (name_of_open(file, path) == NULL)
        return NEXT(write)(file, bytes, length);
    off64_t at = lseek64(file, 0, SEEK_CUR);
    ssize_t written = pwrite64(file, bytes, length, at);
    if (written > 0)
        lseek64(file, at + written, SEEK_SET);
    return written;
}

int ftruncate64(int file, off64_t length)
{
    char path[PATH_MAX];
    const char *name = name_of_open(file, path);
    if (name == NULL)
        return NEXT(ftruncate64)(file, length);
    pthread_mutex_lock(&turn);
    note('T', name, length, "", 0);
    int done = NEXT(ftruncate64)(file, length);
    pthread_mutex_unlock(&turn);
    return done;
}

int ftruncate(int file, off_t length)
{
    return ftruncate64(file, length);
}

/* Only files of the data folder: a new file is taken to be there once it was synced itself. */
static int sync_with(int (*sync)(int), int file)
{
    char path[PATH_MAX];
    const char *name = name_of_open(file, path);
    if (name == NULL)
        return sync(file);
    if (is_on("lies"))
        return 0;
    pthread_mutex_lock(&turn);
    int done = sync(file);
    if (done == 0)
        note('S', name, 0, "", 0);
    pthread_mutex_unlock(&turn);
    return done;
}

int fsync(int file)
{
    return sync_with(NEXT(fsync), file);
}

int fdatasync(int file)
{
    return sync_with(NEXT(fdatasync), file);
}

int unlink(const char *path)
{
    const char *name = name_of(path);
    if (name == NULL)
        return NEXT(unlink)(path);
    pthread_mutex_lock(&turn);
    note('U', name, 0, "", 0);
    int done = NEXT(unlink)(path);
    pthread_mutex_unlock(&turn);
    return done;
}

static int may_open(const char *path, int flags)
{
    int writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT) != 0;
    if (!writes || name_of(path) == NULL || !is_on("readonly"))
        return 1;
    errno = EROFS;
    return 0;
}

static mode_t mode_in(int flags, va_list rest)
{
    return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
}

int open64(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_in(flags, rest);
    va_end(rest);
    return may_open(path, flags) ? NEXT(open64)(path, flags, mode) : -1;
}

int open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_in(flags, rest);
    va_end(rest);
    return may_open(path, flags) ? NEXT(open)(path, flags, mode) : -1;
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
    int done = NEXT(clock_gettime)(clock, time);
    char path[PATH_MAX];
    if (done == 0 && clock == CLOCK_REALTIME && steered("wall", path)) {
        FILE *file = fopen(path, "re");
        long seconds = 0;
        if (file != NULL && fscanf(file, "%ld", &seconds) == 1)
            time->tv_sec += seconds;
        if (file != NULL)
            fclose(file);
    }
    return done;
}
