package import Formats

/// How the bytes of a file are packed, told by its first bytes.
package enum ArchiveKind: Sendable, Hashable {
    case gzip, zip

    /// Bytes that are enough to tell.
    package static let headBytes = 4

    /// Nil for a file that is as it is.
    package static func of(_ head: some Collection<UInt8>) -> ArchiveKind? {
        // RFC 1952, 2.3.1: two bytes and the method, which is always deflate. APPNOTE 4.3: a local header, or the end of an empty archive.
        if head.starts(with: [0x1F, 0x8B, 0x08]) { return .gzip }
        if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) || head.starts(with: [0x50, 0x4B, 0x05, 0x06]) { return .zip }
        return nil
    }
}

/// Bounds of what may come out of an archive.
package struct UnpackLimits: Sendable, Hashable {
    /// Most bytes of all documents together.
    package var bytes = 4 << 30
    /// Most bytes that come out for each that went in, once ``ratioFrom`` bytes have come out. Deflate reaches 1,032 for zeros; files of
    /// the trade stay under 100.
    package var ratio = 400
    package var ratioFrom = 16 << 20
    /// Most entries of an archive.
    package var entries = 10_000

    package init() {}
}

/// Looks at the two ends of a file that may be packed; what is not goes to the format's own probe.
package struct PackedProbe: CompletenessProbe {
    private let plain: any CompletenessProbe

    package init(_ plain: any CompletenessProbe) { self.plain = plain }

    package func probe(head: [UInt8], tail: [UInt8]) -> Completeness {
        switch ArchiveKind.of(head) {
        case nil: return plain.probe(head: head, tail: tail)
        // A torn stream looks like any other from its ends.
        case .gzip: return .unknown
        case .zip:
            let end: [UInt8] = [0x50, 0x4B, 0x05, 0x06]
            let isThere = tail.indices.dropLast(21).reversed().contains { tail[$0...].starts(with: end) }
            return isThere ? .complete : .incomplete("the directory of the archive is not there yet")
        }
    }
}
