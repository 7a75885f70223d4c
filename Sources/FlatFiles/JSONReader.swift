import Diagnostics
package import Formats

/// Reads JSON (RFC 8259) and JSON lines: values one after the other, with or without line ends between them.
///
/// The document is one element `json`. Each value in it, and each item of an array in it, is an element `item`: so that a file with
/// one array and a file with a value a line read alike. A member of an object is an element of its name; the items of an array
/// are elements of the array's name, one after the other, and those of an array within an array are `item` in it. Texts, numbers and
/// `true` or `false` are the text of their element, numbers as they are written; `null` is an element without text.
///
/// After a defect reading goes on at the next line where the document is JSON lines; else it ends there.
package struct JSONReader: SourceReader {
    package let file: String?
    package let limits: ReadLimits
    package internal(set) var arena = SourceArena()
    /// Values at the top that could not be read.
    package internal(set) var rowsRefused = 0
    /// Values at the top: lines of JSON lines, items of one array.
    package internal(set) var rows = 0

    /// One open object or array.
    struct Level {
        var isObject: Bool
        /// Name of its items, or of the member that comes next.
        var name: Int32
        /// It has a node of its own.
        var hasNode: Bool
        /// Names of the members that came, for objects.
        var members: [Int32] = []
        var memberSet: Set<Int32> = []
    }
    enum Wanted { case value, valueOrEnd, nameOrEnd, name, colon, commaOrEnd }

    var input: TextInput
    var lexer: JSONLexer
    private var pending: [UInt8] = []
    /// Offset in UTF-8 of the first byte that is not used up, its line, and where that begins.
    var offset = 0
    var line = 1
    var lineStart = 0
    private var received = 0
    var isStopped = false

    var levels: [Level] = []
    var wanted = Wanted.value
    var rootNode: Int32?
    let itemName: Int32
    let rootName: Int32
    var elements = 0
    /// Values at the top that are complete.
    var completed = 0
    /// Nothing but white space came since the last line end, before the current token.
    private var isLineStart = true
    var tokenBeganLine = true
    /// What is left of a broken line is passed over.
    var isSkipping = false
    var scratch: [UInt8] = []

    package init(file: String? = nil, limits: ReadLimits = ReadLimits(), encoding: DeclaredEncoding? = nil) {
        self.file = file
        self.limits = limits
        input = TextInput(declared: encoding)
        lexer = JSONLexer(limit: limits.recordBytes)
        rootName = arena.intern("json")
        itemName = arena.intern("item")
    }

    package mutating func read<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(1 << 16)
            rest = rest.dropFirst(piece.count)
            let allowed = max(0, limits.documentBytes - received)
            received += piece.count
            guard !isStopped else { continue }
            feed(UnsafeBufferPointer(rebasing: piece.prefix(allowed)), isEnd: piece.count > allowed, into: &sink)
            if piece.count > allowed {
                stop(.jsonSize, "the document is larger than \(limits.documentBytes) bytes", 0..<0, "raise the limit of the feed, or ask the sender to split the file", into: &sink)
            }
        }
    }

    package mutating func finish<Sink: SourceSink>(into sink: inout Sink) -> SourceSummary {
        feed(UnsafeBufferPointer(start: nil, count: 0), isEnd: true, into: &sink)
        if !isStopped {
            var held: [UInt8] = []
            swap(&held, &pending)
            held.withUnsafeBufferPointer { _ = drain($0, isEnd: true, into: &sink) }
        }
        if !isStopped {
            if !levels.isEmpty {
                broken(.jsonTruncated, "the document ends within \(levels.count == 1 ? "a value" : "\(levels.count) open values")", 0..<0, into: &sink)
            } else if completed == 0, rowsRefused == 0 {
                stop(.jsonEmpty, "the document is empty", 0..<0, "ask the sender whether there was nothing to send", into: &sink)
            }
        }
        let end = input.place(offset..<offset).lowerBound
        if rootNode != nil {
            abandon(into: &sink)
            let node = arena.closeNode(at: end)
            sink.closed(node, in: &arena)
            rootNode = nil
        }
        input.finish(before: isStopped ? end : nil)
        for remark in input.remarks {
            sink.found(Diagnostic(.jsonEncoding, .warning, remark.fact, at: SourcePosition(file: file, bytes: remark.bytes), hint: remark.hint))
        }
        isStopped = true
        var summary = SourceSummary(format: "json")
        summary.records = rows
        summary.bytes = received
        return summary
    }

    private mutating func feed<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool, into sink: inout Sink) {
        guard !isStopped else { return }
        switch input.take(bytes, isEnd: isEnd) {
        case .held: break
        case .asTheyAre: consume(bytes, into: &sink)
        case .transcoded:
            var made: [UInt8] = []
            swap(&made, &input.made)
            made.withUnsafeBufferPointer { consume($0, into: &sink) }
            made.removeAll(keepingCapacity: true)
            swap(&made, &input.made)
            input.forget(before: offset)
        case .refused:
            stop(.jsonEncoding, input.refusal ?? "", 0..<0, "have it sent as UTF-8, or convert it first", into: &sink)
        }
    }

    private mutating func consume<Sink: SourceSink>(_ piece: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        guard !isStopped, !piece.isEmpty else { return }
        if pending.isEmpty {
            let used = drain(piece, isEnd: false, into: &sink)
            pending.append(contentsOf: piece[used...])
            return
        }
        pending.append(contentsOf: piece)
        var held: [UInt8] = []
        swap(&held, &pending)
        let used = held.withUnsafeBufferPointer { drain($0, isEnd: false, into: &sink) }
        held.removeFirst(used)
        swap(&held, &pending)
    }

    /// Reads the tokens of `bytes`, whose first byte is at ``offset``, and gives how many were used up.
    private mutating func drain<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool, into sink: inout Sink
    ) -> Int {
        var used = 0
        while used < bytes.count, !isStopped {
            let byte = bytes[used]
            if isSkipping || byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
                used += 1
                offset += 1
                if byte == 0x0A {
                    line += 1
                    lineStart = offset
                    isLineStart = true
                    isSkipping = false
                }
                continue
            }
            // Control-Z ends a document of old systems.
            if byte == 0x1A, isEnd, used == bytes.count - 1, levels.isEmpty { return bytes.count }
            if isLineStart { tokenBeganLine = true }
            isLineStart = false
            let rest = UnsafeBufferPointer(rebasing: bytes[used...])
            let token = lexer.next(rest, isEnd: isEnd)
            if token == .unfinished {
                guard isEnd else { return used }
                broken(.jsonTruncated, "the document ends within a text", 0..<rest.count, into: &sink)
                return bytes.count
            }
            let length = take(token, rest, into: &sink)
            lexer.reset()
            if length > 0 { tokenBeganLine = false }
            used += length
            offset += length
        }
        return used
    }

    mutating func stop<Sink: SourceSink>(
        _ code: DiagnosticCode, _ fact: String, _ range: Range<Int>, _ hint: String, into sink: inout Sink
    ) {
        isStopped = true
        pending = []
        sink.found(Diagnostic(code, .error, fact, at: position(range), hint: hint))
    }

    func position(_ range: Range<Int>) -> SourcePosition {
        let names = levels.prefix(16).compactMap { $0.name >= 0 ? arena.names[Int($0.name)] : nil }
        return SourcePosition(
            file: file, line: line, column: offset + range.lowerBound - lineStart + 1,
            bytes: input.place(offset + range.lowerBound..<offset + range.upperBound),
            place: .path("/" + (["json"] + names).joined(separator: "/")))
    }
}
