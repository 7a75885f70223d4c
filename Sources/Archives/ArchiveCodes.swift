import Diagnostics

// The findings of this room; docs/diagnostics/archives.md says what to do about each.
extension DiagnosticCode {
    /// The archive ends before its end. What came out of it was read.
    static let archiveTorn: DiagnosticCode = "ARC-TORN"
    /// The packed data, a header or a check sum is wrong.
    static let archiveDamaged: DiagnosticCode = "ARC-DAMAGED"
    /// More comes out of the archive than the limits allow. The rest is not read.
    static let archiveBomb: DiagnosticCode = "ARC-BOMB"
    /// An archive lies within the archive. It is not unpacked.
    static let archiveNested: DiagnosticCode = "ARC-NESTED"
    /// An entry is encrypted. It is not read.
    static let archiveEncrypted: DiagnosticCode = "ARC-ENCRYPTED"
    /// An entry is packed in a way that is not read.
    static let archiveMethod: DiagnosticCode = "ARC-METHOD"
    /// Bytes follow the packed data. They are not read.
    static let archiveTrailing: DiagnosticCode = "ARC-TRAILING"
}
