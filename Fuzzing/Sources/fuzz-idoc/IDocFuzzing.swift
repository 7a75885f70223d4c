import FlatFiles
import Formats
import ReaderChecks

/// One input of libFuzzer: an IDoc flat file.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzIDoc(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    check(UnsafeBufferPointer(start: start, count: count)) { IDocReader(segments: IDocSegments()) }
    return 0
}
