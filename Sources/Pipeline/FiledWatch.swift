import Intake

/// Looks once more at originals some time after they were filed: a writer that had one open all the while, where nobody could tell, has added to what was read.
package struct FiledWatch {
    private struct Filed {
        let subject: String
        let path: String
        let place: String
        let size: Int64
        let lookAt: Int
    }

    /// What was added to an original, or changed in its size, after it was read.
    package struct Change: Sendable {
        package let subject: String
        package let cause: String
        package let hint: String
    }

    private var files: [Filed] = []

    package init() {}

    private static let afterMilliseconds = 20_000
    /// Files that are remembered; of more the oldest are let go.
    private static let filesMax = 10_000

    /// - Parameters:
    ///   - subject: feed and name; `path`: where it lies now; `place`: how that is told.
    ///   - size: bytes that were read of it.
    ///   - now: monotonic milliseconds.
    package mutating func note(_ subject: String, path: String, place: String, size: Int64, at now: Int) {
        if files.count >= Self.filesMax { files.removeFirst(Self.filesMax / 10) }
        files.append(Filed(subject: subject, path: path, place: place, size: size, lookAt: now + Self.afterMilliseconds))
    }

    /// Takes out those that it is time for, and gives those that have another size than was read.
    package mutating func look(at now: Int) -> [Change] {
        let due = files.prefix { $0.lookAt <= now }
        guard !due.isEmpty else { return [] }
        files.removeFirst(due.count)
        return due.compactMap { filed in
            guard let there = (try? FileIdentity.of(filed.path)) ?? nil, there.size != Int(filed.size) else { return nil }
            return Change(
                subject: filed.subject, cause: "somebody went on writing to it after it was taken: \(filed.size) bytes were read, and \(filed.place) has \(there.size)",
                hint: "drop what came behind as a file of its own, and have the sender write under another name and rename, or set `complete: { quiet: … }`")
        }
    }
}
