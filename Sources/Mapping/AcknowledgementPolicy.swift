package import EDI

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
    /// Template of the file's name; `{kind}`, `{number}` and `{partner}` are filled in.
    let file: String

    package static let standardFile = "{kind}-{number}.edi"

    package func fileName(kinds: [String], number: Int, partner: String) -> String {
        let digits = String(number)
        let padded = String(repeating: "0", count: max(0, 9 - digits.utf8.count)) + digits
        return file.replacing("{kind}", with: kinds.joined(separator: "-")).replacing("{number}", with: padded)
            .replacing("{partner}", with: partner)
    }
}
