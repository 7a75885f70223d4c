import FlatFiles
import Formats
import ReaderChecks

/// One input of libFuzzer: a document of JSON or JSON lines.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    check(UnsafeBufferPointer(start: start, count: count)) { JSONReader() }
    return 0
}
