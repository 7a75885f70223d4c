import Formats
import Markup
import ReaderChecks

/// One input of libFuzzer: an XML document.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzXML(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    check(UnsafeBufferPointer(start: start, count: count)) { XMLReader() }
    return 0
}
