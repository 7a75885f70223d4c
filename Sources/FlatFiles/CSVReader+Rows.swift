import Diagnostics
import Formats

extension CSVReader {
    /// Takes the names of the columns from the header row, white space around them dropped.
    mutating func takeHeader<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        guard lexer.cellCount <= options.limits.fields, !lexer.hasNul else {
            let fact = lexer.hasNul
                ? "the header row holds a NUL byte" : "the header has more than \(options.limits.fields) columns"
            stop(.csvHeader, fact, "check that the feed's format and separator fit the file", into: &sink)
            return
        }
        var names: [String] = []
        for cell in lexer.cells {
            scratch.removeAll(keepingCapacity: true)
            appendText(of: cell, bytes)
            let text = String(decoding: scratch, as: UTF8.self)
            names.append(String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()))
        }
        var seen: [String: Int] = [:]
        for (index, name) in names.enumerated() {
            let cell = lexer.cells[index]
            let position = self.position(
                bytes: document.offset + Int(cell.start)..<document.offset + Int(cell.end),
                place: .cell(row: 0, column: index + 1, name: name.isEmpty ? nil : name))
            if name.isEmpty {
                sink.found(Diagnostic(
                    .csvHeaderBlank, .note, "column \(index + 1) has no name", at: position,
                    hint: "read it by its position"))
                continue
            }
            let count = seen[name, default: 0] + 1
            seen[name] = count
            guard count > 1 else { continue }
            names[index] = "\(name) (\(count))"
            sink.found(Diagnostic(
                .csvHeaderDuplicate, .warning, "the header names column \"\(name)\" \(count) times", at: position,
                hint: "this one is read as \"\(names[index])\"; the first keeps the name"))
        }
        setColumns(names, into: &sink)
    }

    /// Takes the names of the columns of a document that has no header row; its first row is at hand.
    mutating func takeNames<Sink: SourceSink>(_ header: CSVOptions.Header, into sink: inout Sink) {
        if case .names(let names) = header {
            setColumns(names, into: &sink)
        } else {
            setColumns(Array(repeating: "", count: min(lexer.cellCount, options.limits.fields)), into: &sink)
        }
    }

    private mutating func setColumns<Sink: SourceSink>(_ names: [String], into sink: inout Sink) {
        columns = names
        width = names.count
        columnNames = names.map { $0.isEmpty ? -1 : arena.intern($0) }
        let node = arena.openNode(arena.intern("file"), kind: .group, from: 0, ordinal: 1)
        fileNode = node
        sink.opened(node, in: &arena)
    }

    /// Gives on a row as ``RowScan`` found it; without its line end.
    @inline(__always)
    mutating func giveRow<Sink: SourceSink>(
        _ row: RowScan.Row, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        rows += 1
        guard row.cells == width else { return reportRagged(row.cells, bytes, into: &sink) }
        let isPlain = document.input.isLinear(document.offset..<document.offset + bytes.count)
            && (!row.mayBeForeign || firstInvalidUTF8(bytes) == nil)
        guard isPlain, let scan else {
            let cells = (scan?.spans.prefix(row.cells) ?? []).enumerated().map { index, span in
                RowLexer.Cell(start: span.start, end: span.end, hasDoubledQuotes: row.doubled >> UInt64(min(index, 63)) & 1 == 1)
            }
            return giveCells(cells, bytes, isForeign: row.mayBeForeign, into: &sink)
        }
        let place = document.place(document.offset)
        let node = scan.spans.withUnsafeBufferPointer { spans in
            columnNames.withUnsafeBufferPointer { names in
                arena.addRecord(
                    rowName, ordinal: rows, from: place, bytes: bytes, fields: UnsafeBufferPointer(rebasing: spans[..<row.cells]),
                    columns: names, quote: options.quote ?? 0, doubled: row.doubled)
            }
        }
        sink.closed(node, in: &arena)
    }

    /// Gives on one data row as the lexer found it, or reports why not.
    mutating func giveRow<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        rows += 1
        guard lexer.cellCount == width, !lexer.hasNul else {
            report(bytes, into: &sink)
            return
        }
        giveCells(lexer.cells, bytes, isForeign: lexer.bits & 0x80 != 0, into: &sink)
    }

    private mutating func giveCells<Sink: SourceSink>(
        _ cells: [RowLexer.Cell], _ bytes: UnsafeBufferPointer<UInt8>, isForeign: Bool, into sink: inout Sink
    ) {
        let isBroken = isForeign && checkUTF8(cells, bytes, into: &sink)
        let node = arena.openNode(rowName, kind: .record, from: document.place(document.offset), ordinal: rows)
        for index in cells.indices {
            let cell = cells[index]
            let content = UnsafeBufferPointer(rebasing: bytes[Int(cell.start)..<Int(cell.end)])
            let place = document.place(document.offset + Int(cell.start)..<document.offset + Int(cell.end))
            if !isBroken, !cell.hasDoubledQuotes {
                arena.addField(name: columnNames[index], element: index + 1, bytes: place, text: content)
            } else {
                scratch.removeAll(keepingCapacity: true)
                appendText(of: cell, bytes)
                scratch.withUnsafeBufferPointer {
                    arena.addField(name: columnNames[index], element: index + 1, bytes: place, text: $0)
                }
            }
        }
        arena.closeNode(at: document.place(document.offset + bytes.count))
        sink.closed(node, in: &arena)
    }

    /// Appends a cell's text to ``scratch``: doubled quotes undone, malformed UTF-8 repaired with U+FFFD.
    private mutating func appendText(of cell: RowLexer.Cell, _ bytes: UnsafeBufferPointer<UInt8>) {
        let content = UnsafeBufferPointer(rebasing: bytes[Int(cell.start)..<Int(cell.end)])
        guard cell.hasDoubledQuotes else {
            scratch.append(contentsOf: String(decoding: content, as: UTF8.self).utf8)
            return
        }
        var single: [UInt8] = []
        single.reserveCapacity(content.count)
        // A cell that was not quoted may hold single quotes: they are text. Those of a quoted one come in pairs.
        let isQuoted = cell.start > 0 && bytes[Int(cell.start) - 1] == options.quote
        var at = 0
        while at < content.count {
            single.append(content[at])
            at += isQuoted && content[at] == options.quote ? 2 : 1
        }
        scratch.append(contentsOf: String(decoding: single, as: UTF8.self).utf8)
    }

    private mutating func report<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        guard lexer.hasNul else { return reportRagged(lexer.cellCount, bytes, into: &sink) }
        rowsRefused += 1
        sink.found(Diagnostic(
            .csvNul, .error, "row \(rows) holds a NUL byte", at: rowPosition(bytes),
            hint: "the file may have been torn while it was copied; ask for it again"))
    }

    private mutating func reportRagged<Sink: SourceSink>(
        _ count: Int, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        rowsRefused += 1
        sink.found(Diagnostic(
            .csvRagged, .error, "row \(rows) has \(count) cell\(count == 1 ? "" : "s"); \(width) expected",
            at: rowPosition(bytes), hint: "look for a separator or line end in a cell that is not quoted"))
    }

    private func rowPosition(_ bytes: UnsafeBufferPointer<UInt8>) -> SourcePosition {
        position(bytes: document.offset..<document.offset + bytes.count, place: .cell(row: rows, column: nil, name: nil))
    }

    /// Whether the row has bytes that are not UTF-8, which is reported.
    private func checkUTF8<Sink: SourceSink>(
        _ cells: [RowLexer.Cell], _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) -> Bool {
        guard let bad = firstInvalidUTF8(bytes) else { return false }
        let index = cells.lastIndex { Int($0.start) <= bad.lowerBound } ?? 0
        let name = columns?[index]
        sink.found(Diagnostic(
            .csvUTF8, .warning, "row \(rows) is not valid UTF-8",
            at: position(
                bytes: document.offset + bad.lowerBound..<document.offset + bad.upperBound,
                place: .cell(row: rows, column: index + 1, name: name == "" ? nil : name)),
            hint: "if the sender writes Windows-1252 or ISO 8859-1, say so in the feed (encoding)"))
        return true
    }

    mutating func reportBrokenQuote<Sink: SourceSink>(stray: Int?, isCut: Bool, into sink: inout Sink) {
        let opened = lexer.opened
        let place = SourcePosition(
            file: options.file, line: document.line + opened.lines, column: opened.offset - opened.lineStart + 1,
            bytes: document.place(document.offset + opened.offset..<document.offset + opened.offset + 1),
            place: .cell(row: columns == nil ? 0 : rows + 1, column: lexer.cellCount + 1, name: columnName(lexer.cellCount)))
        let fact = stray.map { "text follows the quote that closes the cell, at byte \(document.place(document.offset + $0))" }
            ?? (isCut ? "the quote is not closed within \(options.limits.recordBytes) bytes" : "the quote is not closed")
        refuse(Diagnostic(
            .csvQuote, .error, fact, at: place,
            hint: "a quote within a quoted cell is written twice; reading goes on at the next line"), into: &sink)
    }

    mutating func reportTooLong<Sink: SourceSink>(into sink: inout Sink) {
        refuse(Diagnostic(
            .csvLongRow, .error, "a row is longer than \(options.limits.recordBytes) bytes",
            at: position(
                bytes: document.offset..<document.offset + lexer.limit + 1,
                place: .cell(row: columns == nil ? 0 : rows + 1, column: nil, name: nil)),
            hint: "check the line ends, or raise the limit of the feed"), into: &sink)
    }

    /// Counts and reports a row that could not be split into cells. Without its header a document cannot be read.
    private mutating func refuse<Sink: SourceSink>(_ finding: Diagnostic, into sink: inout Sink) {
        sink.found(finding)
        if columns == nil, options.header == .firstRow {
            stop(.csvHeader, "the header row cannot be read", nil, into: &sink)
            return
        }
        rows += 1
        rowsRefused += 1
    }

    private func columnName(_ index: Int) -> String? {
        guard let columns, index < columns.count, !columns[index].isEmpty else { return nil }
        return columns[index]
    }

    private func position(bytes: Range<Int>, place: Place) -> SourcePosition {
        SourcePosition(file: options.file, line: document.line, bytes: document.place(bytes), place: place)
    }
}

/// The first bytes that are not UTF-8 (Unicode 16, table 3-7), or nil.
func firstInvalidUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
    do throws(UTF8.ValidationError) {
        _ = try UTF8Span(validating: bytes.span)
        return nil
    } catch {
        return error.byteOffsets
    }
}
