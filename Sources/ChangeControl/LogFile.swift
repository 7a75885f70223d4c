import Values

/// The lines of an exported log: each entry in order, each checkpoint after the last entry that it covers, and one line that ends it.
///
/// An entry's line is `{"position":N,"at":"...","kind":"...","body":BODY,"previous":"HEX","hash":"HEX"}`, with the body as it was
/// digested. Each line has one form, so that no byte of a file can be another one without its verification saying so.
package enum LogFile {
    static let position = Array("{\"position\":".utf8)
    static let at = Array(",\"at\":\"".utf8)
    static let kind = Array("\",\"kind\":\"".utf8)
    static let body = Array("\",\"body\":".utf8)
    static let previous = Array(",\"previous\":\"".utf8)
    static let hash = Array("\",\"hash\":\"".utf8)
    static let close = Array("\"}".utf8)
    /// Bytes behind the body.
    static let tailCount = previous.count + 64 + hash.count + 64 + close.count

    /// The most bytes of a line that is read.
    package static let lineBytesMax = 64 << 20

    /// Appends the line of an entry, with its line end. False, with nothing appended, where its body could not stand on one line: no
    /// entry is written so.
    package static func append(_ entry: LogEntry, to bytes: inout [UInt8]) -> Bool {
        guard !entry.body.utf8.contains(10), !entry.body.isEmpty else { return false }
        bytes += position
        bytes += String(entry.position).utf8
        bytes += at
        bytes += entry.at.description.utf8
        bytes += kind
        bytes += entry.kind.rawValue.utf8
        bytes += body
        bytes += entry.body.utf8
        bytes += previous
        entry.previous.append(to: &bytes)
        bytes += hash
        entry.hash.append(to: &bytes)
        bytes += close
        bytes.append(10)
        return true
    }

    /// The line of a checkpoint, without its end.
    package static func line(_ checkpoint: SignedCheckpoint) -> String {
        JSONText.write(.context(ContextValue([("checkpoint", .string(checkpoint.text))])))
    }

    /// The last line, without its end: what a whole file holds.
    package static func endLine(entries: Int, checkpoints: Int, keys: [VerifierKey]) -> String {
        JSONText.write(.context(ContextValue([
            ("end", .context(ContextValue([
                ("entries", .integer(entries)), ("checkpoints", .integer(checkpoints)),
                ("keys", .list(keys.map { .string($0.description) })),
            ]))),
        ])))
    }
}
