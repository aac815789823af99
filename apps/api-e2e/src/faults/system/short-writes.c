/* Loaded before the C library: every other write to a regular file takes only a part of what it is given, as POSIX allows. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static _Atomic unsigned state;

static size_t part(int fd, size_t count) {
  struct stat info;
  if (count < 2 || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) return count;
  if (state == 0) {
    const char *seed = getenv("SHORT_WRITES_SEED");
    state = (seed ? (unsigned)atoi(seed) : 1) * 2654435761u | 1;
  }
  unsigned next = state = state * 1664525u + 1013904223u;
  return next >> 31 ? count : 1 + (next >> 3) % (count - 1);
}

ssize_t write(int fd, const void *bytes, size_t count) {
  static ssize_t (*real)(int, const void *, size_t);
  if (!real) real = dlsym(RTLD_NEXT, "write");
  return real(fd, bytes, part(fd, count));
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
  static ssize_t (*real)(int, const void *, size_t, off_t);
  if (!real) real = dlsym(RTLD_NEXT, "pwrite");
  return real(fd, bytes, part(fd, count), at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
  static ssize_t (*real)(int, const void *, size_t, off64_t);
  if (!real) real = dlsym(RTLD_NEXT, "pwrite64");
  return real(fd, bytes, part(fd, count), at);
}

/* Of several buffers the first alone, or a part of it. */
ssize_t writev(int fd, const struct iovec *buffers, int count) {
  static ssize_t (*real)(int, const struct iovec *, int);
  if (!real) real = dlsym(RTLD_NEXT, "writev");
  struct stat info;
  if (count < 1 || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) return real(fd, buffers, count);
  return write(fd, buffers[0].iov_base, buffers[0].iov_len);
}

ssize_t pwritev(int fd, const struct iovec *buffers, int count, off_t at) {
  return count < 1 ? 0 : pwrite(fd, buffers[0].iov_base, buffers[0].iov_len, at);
}

ssize_t pwritev64(int fd, const struct iovec *buffers, int count, off64_t at) {
  return count < 1 ? 0 : pwrite64(fd, buffers[0].iov_base, buffers[0].iov_len, at);
}
