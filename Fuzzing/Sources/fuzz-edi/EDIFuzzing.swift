import Configurations
import EDI
import Formats
import ReaderChecks

/// One input of libFuzzer: the first byte chooses the standard and whether segments are short, the rest is the document.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzEDI(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    let standards: [EDIStandard] = [.x12, .edifact, .tradacoms]
    let standard = standards[Int(start.pointee & 0x3F) % standards.count]
    var limits = ReadLimits()
    if start.pointee & 0x40 != 0 { limits.recordBytes = 64 }
    check(UnsafeBufferPointer(start: start + 1, count: count - 1)) { EDIReader(standard, limits: limits, structures: structures) }
    return 0
}

/// A set with loops that nest by HL, one with plain loops, and a message with groups.
private let structures = TransactionStructures([
    """
    structure: x12/856
    transactionSet: "856"
    versions: ["004010"]
    near: ["00"]
    segments: |
      BSN M 1
      DTM O 10
      HL M >1 nested
        LIN O 1
        SN1 O 1
        MAN O 10
      CTT O 1
    """,
    """
    structure: x12/850
    transactionSet: "850"
    versions: ["004010"]
    near: ["00"]
    segments: |
      BEG M 1
      REF O >1
      N1 O 200 loop
        N2 O 2
        REF O 12
      PO1 M 3 loop
        PID O 2 loop
          MEA O 1
      CTT O 1
    """,
    """
    structure: edifact/ORDERS
    transactionSet: ORDERS
    versions: ["D96A"]
    near: ["D"]
    segments: |
      BGM M 1
      DTM M 35
      NAD O 99 loop
        LOC O 25
      UNS M 1
    """,
].map { text in
    guard let root = ConfigurationText.parse(text, file: "structure.yaml").root, let structure = TransactionStructure.decode(root).structure else {
        preconditionFailure("a structure does not compile")
    }
    return structure
})
