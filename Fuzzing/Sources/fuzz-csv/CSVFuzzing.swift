import FlatFiles
import Formats
import ReaderChecks

/// One input of libFuzzer: the first byte chooses separator, quotes, encoding and header, the rest is the document.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCSV(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    var options = CSVOptions()
    let choice = start.pointee
    if choice & 1 == 1 { options.separator = [UInt8(ascii: ";")] }
    if choice & 2 == 2 { options.header = .none }
    if choice & 4 == 4 { options.encoding = .windows1252 }
    if choice & 8 == 8 { options.separator = Array("||".utf8) }
    if choice & 16 == 16 { options.quote = nil }
    if choice & 32 == 32 { options.comment = [UInt8(ascii: "#")] }
    if choice & 64 == 64 { options.limits.recordBytes = 64 }
    check(UnsafeBufferPointer(start: start + 1, count: count - 1)) { CSVReader(options: options) }
    return 0
}
