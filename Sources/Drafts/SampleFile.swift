import Archives
import Diagnostics
import Formats

/// The first document of a sample file, unpacked, as much of it as a draft looks at.
package struct SampleFile: Sendable {
    /// As much of a document is looked at; what comes after it says nothing.
    package static let bytesMax = 16 << 20

    /// Name of the document without folders, packing and ending: `orders` for `northwind/orders.csv.gz`.
    package let title: String
    /// Its ending with the dot, such as `.csv`; empty where it has none.
    package let ending: String
    package let bytes: [UInt8]
    /// The document goes on.
    package let isCut: Bool

    /// - Parameters:
    ///   - bytes: the beginning of the file, packed or not.
    ///   - isCut: whether the file goes on.
    package init(path: String, bytes: [UInt8], isCut: Bool) {
        var name = path.split(separator: "/").last.map(String.init) ?? path
        var document = Document(isCut: isCut)
        if let kind = ArchiveKind.of(bytes.prefix(ArchiveKind.headBytes)) {
            let unpacker = Unpacker(kind, file: path)
            // In pieces, so that a bomb is left alone once enough is there.
            var at = 0
            while at < bytes.count, !document.isFull {
                let end = min(bytes.count, at + 1 << 16)
                bytes[at..<end].withUnsafeBufferPointer { unpacker.read($0, into: &document) }
                at = end
            }
            if at == bytes.count { unpacker.finish(into: &document) }
            name = document.name ?? name
        } else {
            document.take(bytes[...])
        }
        for packing in [".gz", ".zip"] where name.lowercased().hasSuffix(packing) { name.removeLast(packing.count) }
        let dot = name.lastIndex(of: ".") ?? name.endIndex
        title = String(name[..<dot])
        ending = String(name[dot...])
        // Half a row is no row.
        let end = document.isCut ? document.bytes.lastIndex(of: 0x0A).map { $0 + 1 } : nil
        self.bytes = end.map { Array(document.bytes[..<$0]) } ?? document.bytes
        self.isCut = document.isCut
    }

    private struct Document: DocumentReceiver {
        var name: String?
        var bytes: [UInt8] = []
        var isCut: Bool
        var isFull: Bool { bytes.count >= SampleFile.bytesMax }
        private var count = 0

        init(isCut: Bool) { self.isCut = isCut }

        mutating func began(_ name: String?) {
            count += 1
            if count == 1 { self.name = name?.split(separator: "/").last.map(String.init) }
        }
        mutating func took(_ bytes: UnsafeBufferPointer<UInt8>) {
            if count == 1 { take(bytes[...]) }
        }
        mutating func ended(isWhole: Bool) {}
        mutating func found(_ diagnostic: Diagnostic) {}

        mutating func take(_ more: some RandomAccessCollection<UInt8>) {
            let room = SampleFile.bytesMax - bytes.count
            if more.count > room { isCut = true }
            bytes.append(contentsOf: more.prefix(room))
        }
    }
}
