package import EDI
import Values

/// How a partner's files are answered: with what, when, and where the answer goes.
package struct AcknowledgementPolicy: Sendable, Hashable {
    package enum Occasion: String, Sendable, CaseIterable {
        case always
        /// Only where something was rejected.
        case rejected
    }

    /// Name of the target, a folder.
    package let target: String
    package let kind: AcknowledgementKind
    /// When TA1 is part of the answer.
    package let interchange: AcknowledgementDraft.InterchangeAnswer
    package let occasion: Occasion
    /// Whether records that fail a business check are told by 824 or APERAK.
    package let tellsApplicationErrors: Bool
    /// Delimiters of the answers.
    package let separators: EDISeparators
    /// Template of the file's name; `{kind}`, `{number}` and `{partner}` are filled in.
    let file: String

    package static let standardFile = "{kind}-{number}.edi"

    package func fileName(kinds: [String], number: Int, partner: String) -> String {
        file.filled(["kind": kinds.joined(separator: "-"), "number": padded(number, 9), "partner": partner])
    }
}
