import Values

/// The last text of a slot and the value that came of it: neighbouring records mostly carry the same dates, units and codes.
struct ValueMemo {
    private(set) var text = ShortText()
    private(set) var time = ShortText()
    private(set) var value = Value.null

    mutating func keep(_ value: Value, of text: ShortText, _ time: ShortText) {
        (self.text, self.time, self.value) = (text, time, value)
    }
}
