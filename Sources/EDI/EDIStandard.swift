package import Formats

/// The standards of EDI that are read.
package typealias EDIStandard = InterchangeHeader.Standard

extension EDIStandard {
    /// The media type of an interchange (RFC 1767; TRADACOMS has none of its own).
    package var mediaType: String {
        switch self {
        case .x12: "application/edi-x12"
        case .edifact: "application/edifact"
        case .tradacoms: "application/edi-consent"
        }
    }
}
