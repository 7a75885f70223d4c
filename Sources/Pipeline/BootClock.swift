import Glibc

/// Milliseconds since the start of the machine, sleep included, and which start that was: a clock that nobody sets, the same for all processes.
enum BootClock {
    static func milliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// A text that differs with each start of the machine (random(4), `/proc/sys/kernel/random/boot_id`).
    static let boot: String = {
        guard let bytes = try? FileBytes.read("/proc/sys/kernel/random/boot_id", limit: 64) else { return "unknown" }
        return String(decoding: bytes.prefix { $0 > 0x20 }, as: UTF8.self)
    }()
}
