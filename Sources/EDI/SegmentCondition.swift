import Formats

/// What tells the variants of a loop or an EDI segment apart: an element, or a component of one, with one of some values.
struct SegmentCondition: Hashable, Sendable {
    var element: Int32
    /// 1 where the element is not composite.
    var component: Int16
    var values: [[UInt8]]

    func holds(_ segment: SegmentView) -> Bool {
        for field in segment.fields where field.element == element && field.repetition == 1 {
            guard field.component == component || component == 1 && field.component == 0 else { continue }
            var range = Int(field.start)..<Int(field.end)
            while let last = range.last, segment.bytes[last] == ASCII.space { range = range.lowerBound..<last }
            let value = UnsafeBufferPointer(rebasing: segment.bytes[range])
            return values.contains { $0.elementsEqual(value) }
        }
        return false
    }

    /// As a guide writes it: `01 = ST|BY`.
    var text: String {
        let address = (element < 10 ? "0" : "") + String(element) + (component > 1 ? "-\(component)" : "")
        return address + " = " + values.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "|")
    }
}

/// The EDI segment at hand as it stands, for as long as it is looked at.
struct SegmentView {
    let bytes: UnsafeBufferPointer<UInt8>
    let fields: UnsafeBufferPointer<FieldSpan>

    static var none: SegmentView {
        SegmentView(bytes: UnsafeBufferPointer(start: nil, count: 0), fields: UnsafeBufferPointer(start: nil, count: 0))
    }
}
