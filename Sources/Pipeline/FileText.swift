import Archives
import Diagnostics

/// Looks for texts in files, packed ones too.
enum FileText {
    /// Whether a file holds one of some texts, as UTF-8 or in a character set of one byte (Windows-1252). A file that cannot be read holds none.
    static func holds(_ values: [String], _ path: String) -> Bool {
        guard !values.isEmpty else { return false }
        struct Enough: Error {}
        let patterns = Set(values.flatMap { [Array($0.utf8), oneByte($0)].compactMap { $0 } })
        var search = Search(patterns: patterns)
        do {
            let head = try Loader.head(of: path)
            if let kind = ArchiveKind.of(head[...]) {
                let unpacker = Unpacker(kind, file: path)
                try Loader.forEachBlock(of: path) { block in
                    unpacker.read(block, into: &search)
                    if search.isFound { throw Enough() }
                }
            } else {
                try Loader.forEachBlock(of: path) { block in
                    search.took(block)
                    if search.isFound { throw Enough() }
                }
            }
        } catch { return search.isFound }
        return search.isFound
    }

    static func contains(_ bytes: ArraySlice<UInt8>, _ pattern: [UInt8]) -> Bool {
        guard let first = pattern.first, bytes.count >= pattern.count else { return false }
        var at = bytes.startIndex
        let end = bytes.endIndex - pattern.count
        while at <= end {
            if bytes[at] == first, bytes[at..<at + pattern.count].elementsEqual(pattern) { return true }
            at += 1
        }
        return false
    }

    /// As ISO 8859-1 has it, where it has all of it.
    private static func oneByte(_ text: String) -> [UInt8]? {
        let scalars = text.unicodeScalars
        return scalars.allSatisfy { $0.value < 256 } ? scalars.map { UInt8($0.value) } : nil
    }

    /// Bytes that come one block after the other; a text may lie across two.
    private struct Search: DocumentReceiver {
        let patterns: Set<[UInt8]>
        private var rest: [UInt8] = []
        private(set) var isFound = false

        init(patterns: Set<[UInt8]>) { self.patterns = patterns }

        mutating func began(_ name: String?) { rest.removeAll() }
        mutating func ended(isWhole: Bool) {}
        mutating func found(_ diagnostic: Diagnostic) {}

        mutating func took(_ piece: UnsafeBufferPointer<UInt8>) {
            guard !isFound else { return }
            rest.append(contentsOf: piece)
            isFound = patterns.contains { FileText.contains(rest[...], $0) }
            rest.removeFirst(max(0, rest.count - (patterns.map(\.count).max() ?? 1) + 1))
        }
    }
}
