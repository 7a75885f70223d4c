#!/usr/bin/env python3
"""Runs a program under ptrace, lists the calls by which it changes files of a folder or sends over TCP, and stops it before one of them.

A call is known by its kind, which is its name and what it is about, and by how manieth it is of its kind in the whole program, threads and children
together: so it is found again in another run, whichever thread makes it. A filter of system calls (seccomp(2)) lets all others pass at full speed.
As `strace --inject` counts by thread and name alone, it meets only some of the calls it is asked for.

usage: callstop.py FOLDER LIST [--at NUMBER --kind KIND --do ACTION] -- COMMAND...

LIST gets each call as a line. ACTION, at the call, before it is made:
  kill       all its processes are killed.
  ENOSPC …   the call is not made, and fails with that error.
  hold       all threads are held; `held` is printed, and they go on when a line comes at standard input.
Ends with the program's exit status (128 and the signal's number where a signal ended it); linux on x86-64 alone.
"""
import argparse, collections, ctypes, errno, os, re, signal, struct, sys

CALLS = {
    1: ("write", "f"), 18: ("pwrite64", "f"), 20: ("writev", "f"), 296: ("pwritev", "f"), 74: ("fsync", "f"), 75: ("fdatasync", "f"), 77: ("ftruncate", "f"),
    285: ("fallocate", "f"), 40: ("sendfile", "f"), 326: ("copy_file_range", "..f"), 44: ("sendto", "s"), 46: ("sendmsg", "s"), 307: ("sendmmsg", "s"),
    2: ("open", "p"), 257: ("openat", "dp"), 85: ("creat", "p"), 82: ("rename", "pp"), 264: ("renameat", "dpdp"), 316: ("renameat2", "dpdp"), 86: ("link", "pp"),
    265: ("linkat", "dpdp"), 88: ("symlink", ".p"), 266: ("symlinkat", ".dp"), 87: ("unlink", "p"), 263: ("unlinkat", "dp"), 83: ("mkdir", "p"),
    258: ("mkdirat", "dp"), 84: ("rmdir", "p"),
}
FLAGS = {"open": 1, "openat": 2}
SEIZE, CONT, LISTEN, INTERRUPT, POKEUSER, SYSCALL_INFO = 0x4206, 7, 0x4208, 0x4207, 6, 0x420E
OPTIONS = 0x2 | 0x4 | 0x8 | 0x10 | 0x80 | 0x100000  # fork, vfork, clone, exec, seccomp; all end with this process
EVENT_SECCOMP, EVENT_STOP, WALL = 7, 128, 0x40000000
AT_FDCWD = -100
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long


def ptrace(request, thread, address=0, data=0):
    """False where the thread is gone."""
    if libc.ptrace(request, thread, address, data) == -1:
        code = ctypes.get_errno()
        if code == errno.ESRCH:
            return False
        raise OSError(code, f"ptrace {request:#x}: {os.strerror(code)}")
    return True


def filter_calls():
    """Lets the calls of the list stop this process and its children, and no others."""
    program = [(0x20, 0, 0, 0)]  # load the number of the call
    for place, number in enumerate(CALLS):
        program.append((0x15, len(CALLS) - place, 0, number))
    program += [(0x06, 0, 0, 0x7FFF0000), (0x06, 0, 0, 0x7FF00000)]  # allow, trace
    code = b"".join(struct.pack("<HBBI", *instruction) for instruction in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    header = ctypes.create_string_buffer(struct.pack("<HxxxxxxQ", len(program), ctypes.addressof(buffer)), 16)
    libc.prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.addressof(header), 0, 0):
        os._exit(126)


class Stops:
    def __init__(self, folder, listing, number, kind, action):
        self.folder, self.listing, self.number, self.kind, self.action = folder, listing, number, kind, action
        self.counts, self.threads, self.hit = collections.Counter(), set(), False
        self.buffer = ctypes.create_string_buffer(88)

    def run(self, command):
        ready, go = os.pipe()
        child = os.fork()
        if not child:
            os.close(go)
            os.read(ready, 1)
            os.close(ready)
            filter_calls()
            os.execvp(command[0], command)
        os.close(ready)
        ptrace(SEIZE, child, 0, OPTIONS)
        self.threads.add(child)
        os.write(go, b"x")
        os.close(go)
        result = 0
        while self.threads:
            try:
                thread, status = os.waitpid(-1, WALL)
            except ChildProcessError:
                break
            if os.WIFSTOPPED(status):
                self.threads.add(thread)
                self.stopped(thread, status)
            else:
                self.threads.discard(thread)
                if thread == child:
                    result = 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
        return result

    def stopped(self, thread, status):
        event, number = status >> 16, os.WSTOPSIG(status)
        if event == EVENT_SECCOMP:
            self.call(thread)
        elif event == EVENT_STOP and number in (signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU):
            ptrace(LISTEN, thread)
        else:
            ptrace(CONT, thread, 0, 0 if event else number)

    def call(self, thread):
        kind = self.about(thread)
        if kind:
            self.counts[kind] += 1
            self.listing.write(f"{self.counts[kind]}\t{kind}\n")
            if not self.hit and kind == self.kind and self.counts[kind] == self.number:
                self.hit = True
                self.listing.flush()
                return self.act(thread)
        ptrace(CONT, thread)

    def act(self, thread):
        if self.action == "kill":
            for one in list(self.threads):
                try:
                    os.kill(one, signal.SIGKILL)
                except ProcessLookupError:
                    pass
        elif self.action == "hold":
            self.hold(thread)
        else:
            # A call of the number -1 is not made, and what lies in rax is its answer.
            ptrace(POKEUSER, thread, 15 * 8, (1 << 64) - 1)
            ptrace(POKEUSER, thread, 10 * 8, (1 << 64) - getattr(errno, self.action))
            ptrace(CONT, thread)

    def hold(self, thread):
        others = [other for other in self.threads if other != thread and ptrace(INTERRUPT, other)]
        stops = []
        for other in others:
            try:
                found, status = os.waitpid(other, WALL)
            except ChildProcessError:
                continue
            if os.WIFSTOPPED(status):
                stops.append((found, status))
            else:
                self.threads.discard(found)
        print("held", flush=True)
        sys.stdin.readline()
        for other, status in stops:
            self.stopped(other, status)
        ptrace(CONT, thread)

    def about(self, thread):
        """The kind of the call that a thread stands before, or nil: reading, logging and libraries are not of the list."""
        size = libc.ptrace(SYSCALL_INFO, thread, 88, ctypes.addressof(self.buffer))
        if size < 80:
            return None
        number, *arguments = struct.unpack_from("<Q6Q", self.buffer, 24)
        name, shape = CALLS[number]
        if name in FLAGS and not arguments[FLAGS[name]] & 3:
            return None
        if shape == "s":
            return f"{name} send" if self.is_tcp(thread, arguments[0]) else None
        paths, folder = [], AT_FDCWD
        for form, argument in zip(shape, arguments):
            if form == "f":
                paths.append(self.open_file(thread, argument))
            elif form == "d":
                folder = ctypes.c_int(argument & 0xFFFFFFFF).value
            elif form == "p":
                paths.append(self.path(thread, folder, argument))
        inside = [path[len(self.folder) + 1:] for path in paths if path and path.startswith(self.folder + "/")]
        if not inside or any(path.endswith("-shm") for path in inside):
            return None
        return f"{name} " + " -> ".join(dict.fromkeys(self.general(path) for path in inside))

    def general(self, path):
        """A path without what differs between runs."""
        path = re.sub(r" \(deleted\)$", "", path)
        path = re.sub(r"spool/tmp/.*", "spool/tmp/*", path)
        path = re.sub(r"spool/[0-9a-f]{2}(/.*)?$", lambda found: "spool/**" if found.group(1) else "spool/*", path)
        path = re.sub(r"\d{4}/\d\d/\d\d", "DAY", path)
        path = re.sub(r"/\.?\d+-\d+-\d+[^/]*\.tmp", "/*.tmp", path)
        return re.sub(r"(Outbox/[^/]+)/.*", r"\1/*", path)

    def open_file(self, thread, number):
        try:
            return os.readlink(f"/proc/{thread}/fd/{ctypes.c_int(number & 0xFFFFFFFF).value}")
        except OSError:
            return None

    def path(self, thread, folder, address):
        with open(f"/proc/{thread}/mem", "rb", 0) as memory:
            memory.seek(address)
            data = b""
            while b"\0" not in data and len(data) < 4096:
                part = memory.read(min(256, 4096 - (address + len(data)) % 4096))
                if not part:
                    return None
                data += part
        path = os.fsdecode(data.split(b"\0")[0])
        if path.startswith("/proc/self/fd/"):
            return self.open_file(thread, int(path.rsplit("/", 1)[1]))
        try:
            base = os.readlink(f"/proc/{thread}/cwd" if folder == AT_FDCWD else f"/proc/{thread}/fd/{folder}")
        except OSError:
            return None
        return os.path.normpath(os.path.join(base, path)) if path else base

    def is_tcp(self, thread, number):
        found = re.fullmatch(r"socket:\[(\d+)\]", self.open_file(thread, number) or "")
        if not found:
            return False
        for table in ["tcp", "tcp6"]:
            with open(f"/proc/{thread}/net/{table}") as rows:
                if any(row.split()[9] == found.group(1) for row in rows if ":" in row):
                    return True
        return False


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("folder")
    parser.add_argument("list")
    parser.add_argument("--at", type=int, default=0)
    parser.add_argument("--kind")
    parser.add_argument("--do", default="kill")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    with open(options.list, "w") as listing:
        return Stops(os.path.realpath(options.folder), listing, options.at, options.kind, options.do).run(options.command)


if __name__ == "__main__":
    sys.exit(main())
