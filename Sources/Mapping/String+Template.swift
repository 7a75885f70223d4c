extension String {
    /// A template such as `940-{number}.edi` with the values of its `{key}`s; a key that has none stays as it is.
    func filled(_ values: [String: String]) -> String {
        var text = self
        for (key, value) in values { text = text.replacing("{\(key)}", with: value) }
        return text
    }
}
