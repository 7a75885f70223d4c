package import Diagnostics

/// Why no draft came of a sample.
package enum DraftFailure: Error, Sendable {
    /// The reader found nothing that a record could be made of.
    case nothingRead([Diagnostic])
    /// A transaction set, message or IDoc of which nothing is known.
    case unknownSet([String])
    /// A format whose files do not say what is in them, or of which no structures are known.
    case notDrafted(String)
    /// None of the kinds of record fits.
    case noKind(columns: [String])
    /// What was drafted does not compile: a defect of the draft, or of the site's structures.
    case unsound([Diagnostic])

    /// The fact, and what to do about it.
    package var text: String {
        switch self {
        case .nothingRead: "the sample holds nothing that records could be made of"
        case .unknownSet(let names): "no usual meaning is known for \(names.joined(separator: ", ")); known are \(SetFacts.known.joined(separator: ", "))"
        case .notDrafted(let format): "no draft is made of \(format): nothing in such a file says what its fields are"
        case .noKind(let columns): "no kind of record fits \(columns.prefix(12).joined(separator: ", ")); say one with --record"
        case .unsound: "what was drafted is not sound"
        }
    }

    /// Findings that tell more.
    package var diagnostics: [Diagnostic] {
        switch self {
        case .nothingRead(let found), .unsound(let found): found
        case .unknownSet, .notDrafted, .noKind: []
        }
    }
}
