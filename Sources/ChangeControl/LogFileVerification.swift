import Values

/// Verifies an exported log as its bytes stream past, from that file alone: no store, no site. The first defect stands.
///
/// Behind a checkpoint that was kept elsewhere nothing can be changed, left out or put in. Behind none, a file whose every hash was
/// worked out anew is a log like any other.
package struct LogFileVerification: Sendable {
    private let genesis: ContentDigest?
    private let witnessed: LogHead?
    private var checkpoints: CheckpointVerification
    /// A line whose end has not come.
    private var rest: [UInt8] = []
    private var text: [UInt8] = []
    /// Digits of the hash before, and of the present one.
    private var previous = [UInt8](repeating: 48, count: 64)
    private var digits: [UInt8] = []
    private var isEnded = false
    private var besides = 0

    /// Entries that were found whole.
    package private(set) var entries = 0
    package private(set) var head: LogHead?
    package private(set) var defect: LogDefect?

    /// - Parameters:
    ///   - genesis: the hash of entry 0, known from elsewhere.
    ///   - witnessed: a head seen earlier and kept elsewhere.
    ///   - checkpoints: those kept elsewhere, with the keys known from elsewhere.
    package init(genesis: ContentDigest? = nil, witnessed: LogHead? = nil, checkpoints: CheckpointVerification) {
        self.genesis = genesis
        self.witnessed = witnessed
        self.checkpoints = checkpoints
    }

    /// Keys that the log names.
    package var keys: [VerifierKey] { checkpoints.keys }
    package var origin: String? { checkpoints.origin }
    /// Checkpoints that hold: those of the file, and those kept elsewhere.
    package var held: Int { checkpoints.held }
    /// Entries that a checkpoint covers.
    package var covered: Int { checkpoints.covered }
    /// Checkpoints within the file.
    package var own: Int { besides }

    /// Takes the next bytes, cut anywhere; gives the first defect so far.
    @discardableResult
    package mutating func add(_ bytes: UnsafeRawBufferPointer) -> LogDefect? {
        var start = 0
        while defect == nil, start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != 10 { end += 1 }
            let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
            guard end < bytes.count else {
                rest.append(contentsOf: piece)
                if rest.count > LogFile.lineBytesMax { found(.form("a line has more than \(LogFile.lineBytesMax) bytes")) }
                break
            }
            if rest.isEmpty {
                take(piece)
            } else {
                rest.append(contentsOf: piece)
                let line = rest
                rest.removeAll(keepingCapacity: true)
                line.withUnsafeBytes { take($0) }
            }
            start = end + 1
        }
        return defect
    }

    /// After the last byte: whether the file is whole, and long enough.
    package mutating func finish() -> LogDefect? {
        guard defect == nil else { return defect }
        guard rest.isEmpty, isEnded else { return found(.form("the line that ends the file is missing")) }
        guard let head else { return found(.truncated) }
        if let witnessed, head.position < witnessed.position { return found(.truncated, witnessed.position) }
        if let late = checkpoints.finish() { defect = late }
        return defect
    }

    @discardableResult
    private mutating func found(_ kind: LogDefect.Kind, _ position: Int? = nil) -> LogDefect? {
        defect = LogDefect(position: position ?? entries, kind: kind)
        return defect
    }

    private mutating func take(_ line: UnsafeRawBufferPointer) {
        if isEnded { found(.form("something follows the line that ends it")) }
        else if Self.has(line, LogFile.position, at: 0) { takeEntry(line) }
        else { takeOther(line) }
    }

    private mutating func takeEntry(_ line: UnsafeRawBufferPointer) {
        // Each part is looked for where it must stand, so that no two files have one meaning.
        let number = Array(String(entries).utf8)
        var cursor = LogFile.position.count
        guard Self.has(line, number, at: cursor) else { return _ = found(.form("another position than \(entries) stands here")) }
        cursor += number.count
        guard let at = Self.part(line, after: LogFile.at, &cursor), let kindBytes = Self.part(line, after: LogFile.kind, &cursor),
            Self.has(line, LogFile.body, at: cursor), let kind = LogEntryKind(rawValue: String(decoding: line[kindBytes], as: UTF8.self))
        else { return _ = found(.form("the line does not have the parts of an entry")) }
        let start = cursor + LogFile.body.count, end = line.count - LogFile.tailCount
        guard start < end, Self.has(line, LogFile.previous, at: end), Self.has(line, LogFile.hash, at: end + LogFile.previous.count + 64),
            Self.has(line, LogFile.close, at: line.count - LogFile.close.count)
        else { return _ = found(.form("the line does not have the parts of an entry")) }
        guard Self.has(line, previous, at: end + LogFile.previous.count) else { return _ = found(.unlinked) }
        let hash = digest(number, line, at, kindBytes, start..<end)
        guard Self.has(line, digits, at: line.count - LogFile.close.count - 64) else { return _ = found(.changed) }
        if entries == 0, kind != .genesis || genesis.map({ $0 != hash }) ?? false { return _ = found(.genesis) }
        if let witnessed, witnessed.position == entries, witnessed.hash != hash { return _ = found(.witness(expected: witnessed.hash)) }
        if let refused = checkpoints.add(hash, kind, body: { String(decoding: line[start..<end], as: UTF8.self) }) {
            defect = refused
            return
        }
        swap(&previous, &digits)
        head = LogHead(position: entries, hash: hash)
        entries += 1
    }

    /// The hash that the parts call for; its digits are in `digits` then.
    private mutating func digest(
        _ number: [UInt8], _ line: UnsafeRawBufferPointer, _ at: Range<Int>, _ kind: Range<Int>, _ body: Range<Int>
    ) -> ContentDigest {
        text.removeAll(keepingCapacity: true)
        text += LogEntry.title
        text += number
        text.append(10)
        text.append(contentsOf: UnsafeRawBufferPointer(rebasing: line[at]))
        text.append(10)
        text.append(contentsOf: UnsafeRawBufferPointer(rebasing: line[kind]))
        text.append(10)
        text += previous
        text.append(10)
        text.append(contentsOf: UnsafeRawBufferPointer(rebasing: line[body]))
        let hash = ContentDigest(of: text)
        digits.removeAll(keepingCapacity: true)
        hash.append(to: &digits)
        return hash
    }

    private mutating func takeOther(_ bytes: UnsafeRawBufferPointer) {
        let unknown = "the line is no entry, no checkpoint and no end"
        guard let line = String(validating: bytes, as: UTF8.self), bytes.count <= 2 * SignedNote.bytesMax else { return _ = found(.form(unknown)) }
        let value: Value
        do { value = try JSONText.parse(line) } catch { return _ = found(.form(unknown)) }
        guard case .context(let fields) = value, fields.count == 1 else { return _ = found(.form(unknown)) }
        if case .string(let note)? = fields["checkpoint"] {
            do throws(SignedNote.Unreadable) {
                let signed = try SignedCheckpoint(Array(note.utf8))
                guard LogFile.line(signed).utf8.elementsEqual(bytes) else { return _ = found(.form("a checkpoint's line is not in its one form")) }
                if let refused = checkpoints.check(signed, source: "the checkpoint after entry \(entries - 1)") { return defect = refused }
                besides += 1
            } catch {
                found(.form("the checkpoint is none: \(error.fact)"))
            }
        } else if LogFile.endLine(entries: entries, checkpoints: besides, keys: checkpoints.keys).utf8.elementsEqual(bytes) {
            isEnded = true
        } else {
            found(.form(fields["end"] == nil ? unknown : "the line that ends it tells of other entries, checkpoints or keys"))
        }
    }

    // MARK: Bytes

    private static func has(_ line: UnsafeRawBufferPointer, _ expected: [UInt8], at place: Int) -> Bool {
        guard place >= 0, place + expected.count <= line.count else { return false }
        for index in expected.indices where line[place + index] != expected[index] { return false }
        return true
    }

    /// What stands between a mark and the next quote; the cursor is on that quote then.
    private static func part(_ line: UnsafeRawBufferPointer, after mark: [UInt8], _ cursor: inout Int) -> Range<Int>? {
        guard has(line, mark, at: cursor) else { return nil }
        let start = cursor + mark.count
        var end = start
        while end < line.count, line[end] != UInt8(ascii: "\""), end - start <= 64 { end += 1 }
        guard end > start, end - start <= 64, end < line.count else { return nil }
        cursor = end
        return start..<end
    }
}
