/// Why an action file is not in its target's folder.
package struct ActionFileFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// The effect names no file, or a name that is no plain file name.
        case badName
        /// A file of that name is there with other bytes.
        case taken
        /// The system refused a step; `errno` says why.
        case system
    }

    package let kind: Kind
    /// The file, or the folder, that it is about.
    package let path: String
    /// What happened, as one short sentence.
    package let fact: String
    /// 0 where the system was not the cause.
    package let errno: Int32
    package let hint: String?
    /// True if the same attempt may succeed later.
    package let mayRetry: Bool

    package var description: String { "\(path): \(fact)" }
}
