/// An operation on the key file that did not succeed.
package struct SealingFailure: Error, CustomStringConvertible {
    /// The key file, or a key in it.
    package let subject: String
    package let cause: String
    package let hint: String
    /// True for a full disk: worth trying again once that is mended.
    package let isRetriable: Bool

    package var description: String { "\(subject): \(cause); \(hint)" }
}
