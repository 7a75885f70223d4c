import Values

/// A text that a field had and the value that came of it: neighbouring records mostly carry the same units and codes.
///
/// A field has ``count`` of them, at places that the text gives, so that they do not grow with the file: two places a text, as two units that
/// take turns may have the same one.
struct ValueMemo {
    static let count = 32

    private var text = ShortText()
    private var time = ShortText()
    private(set) var value = Value.null

    /// - Parameter time: the text of the time that stands apart; no text where there is none.
    @inline(__always)
    private func holds(_ text: ShortText, _ time: ShortText) -> Bool { self.text == text && self.time == time }

    /// Keeps a value at the first of its places; what was there moves to the second.
    ///
    /// - Parameter memos: those of the field.
    static func keep(_ value: Value, of text: ShortText, _ time: ShortText, in memos: UnsafeMutablePointer<ValueMemo>) {
        let place = place(text, time)
        if memos[place].text != ShortText() { memos[place ^ 1] = memos[place] }
        (memos[place].text, memos[place].time, memos[place].value) = (text, time, value)
    }

    /// The index of what is remembered of a text among the memos of its field; nil where nothing is.
    @inline(__always)
    static func find(_ text: ShortText, _ time: ShortText, in memos: UnsafeMutablePointer<ValueMemo>) -> Int? {
        let place = place(text, time)
        return memos[place].holds(text, time) ? place : memos[place ^ 1].holds(text, time) ? place ^ 1 : nil
    }

    @inline(__always)
    private static func place(_ text: ShortText, _ time: ShortText) -> Int { Int(truncatingIfNeeded: (text.mixed &+ time.mixed) >> 59) }
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
