import Transfers

extension WebhookSender.Attempt {
    /// The most characters of an answer that are kept.
    package static let answerLengthMax = 200

    /// How the receiver said why it did not take the webhook: the beginning of its answer, on one line. nil where it took it or said nothing.
    ///
    /// It is for people to read, and nothing hangs on it. It may quote what it was sent.
    package var answer: String? {
        guard let response, !(200...299).contains(response.status) else { return nil }
        // A character of Unicode has at most four bytes in UTF-8; what is none is shown as such.
        let text = String(decoding: response.body.prefix(4 * Self.answerLengthMax), as: UTF8.self)
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(Self.answerLengthMax) { line.append(Self.isPlain(scalar) ? scalar : " ") }
        let kept = String(line).split(separator: " ").joined(separator: " ")
        return kept.isEmpty ? nil : kept
    }

    /// False for what would break the line, turn the writing round or steer a terminal.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
