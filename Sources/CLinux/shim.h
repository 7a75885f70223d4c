// Linux calls that Swift's Glibc module does not show, or shows only as variadic functions.
//
// Every function is a thin static-inline call with the name `crossdock_` + the system's own. It gives what the system
// call gives, except that a failure is the negated errno, so that no caller reads errno after Swift code has run between.
#ifndef CROSSDOCK_CLINUX_SHIM_H
#define CROSSDOCK_CLINUX_SHIM_H

// No _GNU_SOURCE: it changes system types (fd_set) from what Swift's Glibc module has, and a target that imports both fails.

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE (1 << 0)
#endif

// MARK: epoll

static inline int crossdock_epoll_create(void) {
    int descriptor = epoll_create1(EPOLL_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}

/// `operation` is EPOLL_CTL_ADD (1), EPOLL_CTL_DEL (2) or EPOLL_CTL_MOD (3); `tag` comes back with the event.
static inline int crossdock_epoll_ctl(int epoll, int operation, int descriptor, uint32_t events, uint64_t tag) {
    struct epoll_event event;
    event.events = events;
    event.data.u64 = tag;
    return epoll_ctl(epoll, operation, descriptor, &event) < 0 ? -errno : 0;
}

/// One event, unpacked: `struct epoll_event` is packed on x86-64.
struct crossdock_event {
    uint32_t events;
    uint64_t tag;
};

/// Waits for at most `capacity` events (64 at once at most). -1 milliseconds waits without end.
/// An interrupted wait gives 0 events.
static inline int crossdock_epoll_wait(int epoll, struct crossdock_event *events, int capacity, int milliseconds) {
    struct epoll_event raw[64];
    int count = epoll_wait(epoll, raw, capacity < 64 ? capacity : 64, milliseconds);
    if (count < 0) return errno == EINTR ? 0 : -errno;
    for (int index = 0; index < count; index++) {
        events[index].events = raw[index].events;
        events[index].tag = raw[index].data.u64;
    }
    return count;
}

enum {
    crossdock_EPOLL_ADD = EPOLL_CTL_ADD,
    crossdock_EPOLL_REMOVE = EPOLL_CTL_DEL,
    crossdock_EPOLL_MODIFY = EPOLL_CTL_MOD,
};
static const uint32_t crossdock_EPOLLIN = EPOLLIN;
static const uint32_t crossdock_EPOLLOUT = EPOLLOUT;
static const uint32_t crossdock_EPOLLERR = EPOLLERR;
static const uint32_t crossdock_EPOLLHUP = EPOLLHUP;
static const uint32_t crossdock_EPOLLET = (uint32_t)1 << 31;

// MARK: timerfd, eventfd

/// A timer on the monotonic clock, non-blocking, closed on exec.
static inline int crossdock_timerfd_create(void) {
    int descriptor = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}

/// Fires once after `nanoseconds` (0 disarms), then every `interval` nanoseconds (0: once).
static inline int crossdock_timerfd_set(int descriptor, int64_t nanoseconds, int64_t interval) {
    struct itimerspec spec;
    spec.it_value.tv_sec = nanoseconds / 1000000000;
    spec.it_value.tv_nsec = nanoseconds % 1000000000;
    spec.it_interval.tv_sec = interval / 1000000000;
    spec.it_interval.tv_nsec = interval % 1000000000;
    return timerfd_settime(descriptor, 0, &spec, NULL) < 0 ? -errno : 0;
}

/// A counter that wakes an epoll: non-blocking, closed on exec.
static inline int crossdock_eventfd(void) {
    int descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}

/// Adds one to an eventfd. A full counter is awake already and gives 0.
static inline int crossdock_eventfd_signal(int descriptor) {
    uint64_t one = 1;
    if (write(descriptor, &one, sizeof one) == (ssize_t)sizeof one) return 0;
    return errno == EAGAIN ? 0 : -errno;
}

/// Reads and clears an eventfd or timerfd: the count, 0 if it has not fired, or the negated errno.
static inline int64_t crossdock_counter_drain(int descriptor) {
    uint64_t count = 0;
    if (read(descriptor, &count, sizeof count) == (ssize_t)sizeof count)
        return count > INT64_MAX ? INT64_MAX : (int64_t)count;
    return errno == EAGAIN || errno == EINTR ? 0 : -(int64_t)errno;
}

// MARK: inotify

static inline int crossdock_inotify_init(void) {
    int descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}

/// The watch descriptor, or the negated errno.
static inline int crossdock_inotify_add(int descriptor, const char *path, uint32_t mask) {
    int watch = inotify_add_watch(descriptor, path, mask);
    return watch < 0 ? -errno : watch;
}

static inline int crossdock_inotify_remove(int descriptor, int watch) {
    return inotify_rm_watch(descriptor, watch) < 0 ? -errno : 0;
}

// MARK: files

/// open(2) is variadic. Always closed on exec; an interrupted open is tried again.
static inline int crossdock_open(const char *path, int flags, mode_t mode) {
    int descriptor;
    do descriptor = open(path, flags | O_CLOEXEC, mode); while (descriptor < 0 && errno == EINTR);
    return descriptor < 0 ? -errno : descriptor;
}

/// Makes a folder's entries durable: opens it, fsyncs it, closes it.
static inline int crossdock_fsync_folder(const char *path) {
    int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return -errno;
    int failure = fsync(descriptor) < 0 ? -errno : 0;
    close(descriptor);
    return failure;
}

/// Makes all that was written to the file system of a folder durable (syncfs(2)); since Linux 5.8 it tells of writes that failed.
static inline int crossdock_sync_file_system(const char *path) {
    int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return -errno;
    int failure = (int)syscall(SYS_syncfs, descriptor) < 0 ? -errno : 0;
    close(descriptor);
    return failure;
}

/// rename(2) that never replaces: -EEXIST if the new name is taken, -EINVAL or -ENOSYS where the file system
/// cannot promise it (NFS), so that the caller falls back to link and unlink.
static inline int crossdock_rename_noreplace(const char *from, const char *to) {
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) < 0 ? -errno : 0;
}

static inline int crossdock_rename(const char *from, const char *to) {
    return rename(from, to) < 0 ? -errno : 0;
}

/// Gives an existing file a second name without clobbering; a symbolic link is linked itself, never followed.
static inline int crossdock_link(const char *from, const char *to) {
    return linkat(AT_FDCWD, from, AT_FDCWD, to, 0) < 0 ? -errno : 0;
}

static inline int crossdock_unlink(const char *path) {
    return unlink(path) < 0 ? -errno : 0;
}

/// What this program needs to know of a file.
struct crossdock_status {
    uint64_t device;
    uint64_t inode;
    uint64_t links;
    int64_t size;
    int64_t modified_seconds;
    int64_t modified_nanoseconds;
    /// When its bytes, times, names or rights changed last; nobody can set that.
    int64_t changed_seconds;
    int64_t changed_nanoseconds;
    uint32_t mode;
};

static inline void crossdock_status_from(const struct stat *raw, struct crossdock_status *status) {
    status->device = raw->st_dev;
    status->inode = raw->st_ino;
    status->links = raw->st_nlink;
    status->size = raw->st_size;
    status->modified_seconds = raw->st_mtim.tv_sec;
    status->modified_nanoseconds = raw->st_mtim.tv_nsec;
    status->changed_seconds = raw->st_ctim.tv_sec;
    status->changed_nanoseconds = raw->st_ctim.tv_nsec;
    status->mode = raw->st_mode;
}

/// lstat(2): a symbolic link is described itself.
static inline int crossdock_status_at(const char *path, struct crossdock_status *status) {
    struct stat raw;
    if (lstat(path, &raw) < 0) return -errno;
    crossdock_status_from(&raw, status);
    return 0;
}

static inline int crossdock_status_of(int descriptor, struct crossdock_status *status) {
    struct stat raw;
    if (fstat(descriptor, &raw) < 0) return -errno;
    crossdock_status_from(&raw, status);
    return 0;
}

static inline int crossdock_is_regular(const struct crossdock_status *status) { return S_ISREG(status->mode); }
static inline int crossdock_is_folder(const struct crossdock_status *status) { return S_ISDIR(status->mode); }
static inline int crossdock_is_link(const struct crossdock_status *status) { return S_ISLNK(status->mode); }

/// The magic number of the file system that holds `path` (statfs(2), f_type), or the negated errno.
static inline int64_t crossdock_file_system(const char *path) {
    struct statfs raw;
    int result;
    do result = statfs(path, &raw); while (result < 0 && errno == EINTR);
    return result < 0 ? -(int64_t)errno : (int64_t)(uint32_t)raw.f_type;
}

/// The same of the file system of an open file (fstatfs(2)).
static inline int64_t crossdock_file_system_of(int descriptor) {
    struct statfs raw;
    return fstatfs(descriptor, &raw) < 0 ? -(int64_t)errno : (int64_t)(uint32_t)raw.f_type;
}

/// Whether any process has a file open for writing that is open for reading here: 1, 0, or the negated errno where that cannot be told.
static inline int crossdock_is_open_for_writing(int descriptor) {
    enum { set_lease = 1024 };
    // Whoever opens it for writing meanwhile waits until the lease is given back, and the kernel says so by a signal that would end the process.
    signal(SIGIO, SIG_IGN);
    if (fcntl(descriptor, set_lease, F_RDLCK) < 0) return errno == EAGAIN ? 1 : -errno;
    fcntl(descriptor, set_lease, F_UNLCK);
    return 0;
}

/// Bytes that an unprivileged writer can still put on the file system of `path`, or the negated errno.
static inline int64_t crossdock_free_bytes(const char *path) {
    struct statvfs raw;
    if (statvfs(path, &raw) < 0) return -(int64_t)errno;
    return (int64_t)raw.f_bavail * (int64_t)raw.f_frsize;
}

/// What people call a file system to which other machines write, so that inotify does not see all that happens there; NULL for others.
static inline const char *crossdock_remote_file_system(int64_t magic) {
    switch ((uint32_t)magic) {
    case 0x6969u: return "NFS";
    case 0x517Bu: return "SMB";
    case 0xFF534D42u: return "CIFS";
    case 0xFE534D42u: return "SMB2";
    case 0x65735546u: return "FUSE";
    case 0x01021997u: return "9P";
    case 0x5346414Fu: case 0x6B414653u: return "AFS";
    case 0x00C36400u: return "Ceph";
    case 0x73757245u: return "Coda";
    default: return NULL;
    }
}

// MARK: process

/// Asks the kernel to send `signal` to this process when its parent ends.
static inline int crossdock_die_with_parent(int signal) {
    return prctl(PR_SET_PDEATHSIG, (unsigned long)signal, 0, 0, 0) < 0 ? -errno : 0;
}

#endif
