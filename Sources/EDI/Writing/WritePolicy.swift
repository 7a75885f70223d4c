/// What a writer does where a value cannot be written as it is.
package struct WritePolicy: Hashable, Sendable {
    package enum Remedy: Hashable, Sendable {
        /// An error: what was written is not to be sent.
        case refuse
        /// Another character in its place, and a warning.
        case replace(UInt8)
    }

    /// A value holds a delimiter, and there is no release character.
    package var delimiters = Remedy.refuse
    /// A character is not in the character set of the interchange.
    package var characters = Remedy.refuse
    /// What X12 is encoded in; EDIFACT says so itself, in UNB.
    package var charset = Charset.utf8

    package enum Charset: String, Sendable, Hashable, CaseIterable {
        case ascii, utf8, windows1252
    }

    package init() {}
}
