import Values

/// A text that a field had and the value that came of it: neighbouring records mostly carry the same units and codes.
///
/// A field has ``count`` of them, at places that the text gives, so that they do not grow with the file.
struct ValueMemo {
    static let count = 32

    private var text = ShortText()
    private var time = ShortText()
    private(set) var value = Value.null

    /// - Parameter time: the text of the time that stands apart; no text where there is none.
    @inline(__always)
    func holds(_ text: ShortText, _ time: ShortText) -> Bool { self.text == text && self.time == time }

    mutating func keep(_ value: Value, of text: ShortText, _ time: ShortText) {
        (self.text, self.time, self.value) = (text, time, value)
    }

    @inline(__always)
    static func place(_ text: ShortText, _ time: ShortText) -> Int { Int(truncatingIfNeeded: (text.mixed &+ time.mixed) >> 59) }
}

/// What the fields of a mapping remember.
final class ValueMemory {
    /// Good for as long as this is there.
    let memos: UnsafeMutableBufferPointer<ValueMemo>

    init(count: Int) {
        memos = .allocate(capacity: count)
        memos.initialize(repeating: ValueMemo())
    }

    deinit {
        memos.deinitialize()
        memos.deallocate()
    }
}
