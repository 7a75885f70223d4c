/// Whether a file that is still being written is whole, as far as its format can say.
package enum Completeness: Hashable, Sendable {
    /// The format's own end is there: a matching `IEA`, `UNZ`, the closed root element.
    case complete
    /// The end is not there yet; the text says what is waited for.
    case incomplete(String)
    /// The format has no end of its own (CSV): only quiet time or a done marker can tell.
    case unknown
}

/// A test of completeness from the two ends of a file, so that a waiting file of any size costs two small reads.
package protocol CompletenessProbe: Sendable {
    /// - Parameters:
    ///   - head: the first bytes of the file, at most ``CompletenessProbe/window``.
    ///   - tail: the last bytes of the file, at most ``CompletenessProbe/window``; equal to `head` in a small file.
    func probe(head: [UInt8], tail: [UInt8]) -> Completeness
}

extension CompletenessProbe {
    /// How many bytes of either end a probe is given.
    package static var window: Int { 4096 }
}
