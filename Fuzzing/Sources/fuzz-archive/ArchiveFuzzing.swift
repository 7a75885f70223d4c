import Archives
import Diagnostics

/// One input of libFuzzer: a gzip or zip file, unpacked whole and in pieces of seven.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzArchive(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    guard let kind = ArchiveKind.of(bytes) else { return 0 }
    var limits = UnpackLimits()
    limits.bytes = 1 << 22
    let whole = Unpacker(kind, file: nil, limits: limits), cut = Unpacker(kind, file: nil, limits: limits)
    var first = Tally(), second = Tally()
    whole.read(bytes, into: &first)
    var rest = bytes[...]
    while !rest.isEmpty {
        let piece = rest.prefix(7)
        rest = rest.dropFirst(piece.count)
        cut.read(UnsafeBufferPointer(rebasing: piece), into: &second)
    }
    whole.finish(into: &first)
    cut.finish(into: &second)
    precondition(first == second, "pieces give other documents")
    precondition(first.open == 0 && first.bytes <= limits.bytes, "a document stays open, or too much comes out")
    precondition(first.documents > 0 || first.findings > 0 || kind == .zip, "neither documents nor findings")
    return 0
}

/// Counts what comes out.
private struct Tally: DocumentReceiver, Equatable {
    var documents = 0
    var open = 0
    var bytes = 0
    var findings = 0

    mutating func began(_ name: String?) {
        documents += 1
        open += 1
    }
    mutating func took(_ piece: UnsafeBufferPointer<UInt8>) { bytes += piece.count }
    mutating func ended(isWhole: Bool) { open -= 1 }
    mutating func found(_ diagnostic: Diagnostic) { findings += 1 }
}
