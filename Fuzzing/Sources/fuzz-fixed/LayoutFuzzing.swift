import Configurations
import FlatFiles
import Formats
import ReaderChecks

/// One input of libFuzzer: the first byte chooses the layout, the rest is the document.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzLayout(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    let layout = layouts[Int(start.pointee) % layouts.count]
    check(UnsafeBufferPointer(start: start + 1, count: count - 1)) { LayoutReader(layout: layout) }
    return 0
}

private let layouts = [
    """
    layout: flat/lines
    form: fixed
    tag: 1
    records:
      - record: order
        tag: H
        required: true
        fields: { number: 2-7, name: 8-20 }
        holds:
          - { record: line, tag: L, fields: { item: 2-9, quantity: 10-14 } }
          - { record: end, tag: T, max: 1, fields: { count: 2-4, sum: 5-9 }, checks: [{ field: count, counts: line }, { field: sum, sums: line.quantity }] }
    """,
    """
    layout: flat/blocks
    form: fixed
    unit: bytes
    recordLength: 12
    tag: 1
    records:
      - { record: a, tag: A, fields: { x: 2-12 } }
      - { record: b, matches: "^[0-9]+", fields: { y: 1-4 } }
    """,
    """
    layout: flat/rows
    form: separated
    separator: ";"
    tag: 1
    records:
      - { record: a, tag: A, fields: { x: 2, y: 3 }, holds: [{ record: b, tag: [B, C], fields: { z: 2 } }] }
    """,
].map { yaml in
    guard let root = ConfigurationText.parse(yaml, file: "layout.yaml").root, let layout = FlatLayout.decode(root).layout else {
        preconditionFailure("a layout does not compile")
    }
    return layout
}
