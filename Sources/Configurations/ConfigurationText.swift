package import Diagnostics

/// Strict YAML: one document of mappings, sequences and scalars, every part with its line and column.
///
/// Refused, because configurations have no use for them: repeated keys, keys that are no text, anchors, aliases, tags,
/// merge keys, directives, a second document, NUL characters; and more than the stated limits.
package enum ConfigurationText {
    /// Largest file, in bytes.
    package static let bytesMax = 4 << 20
    /// Deepest nesting of lists and mappings.
    package static let depthMax = 64
    /// Most keys and values of a file.
    package static let nodesMax = 250_000
    /// Most findings that are listed for one file.
    package static let findingsMax = 100

    /// Parses a file. Either there is a root and no finding, or there is none and at least one error. Refused parts of
    /// sound YAML are all listed; after what is no YAML there is nothing to list.
    ///
    /// - Parameter file: as the user knows it; it is part of every position.
    package static func parse(_ text: String, file: String) -> (root: ConfigurationNode?, diagnostics: [Diagnostic]) {
        guard text.utf8.count <= bytesMax else {
            return (nil, [Diagnostic(
                .configurationSyntax, .error, "the file has \(text.utf8.count) bytes, more than \(bytesMax)",
                at: SourcePosition(file: file), hint: "split it into several files")])
        }
        let source = ConfigurationSource(file: file, text: text)
        if let offset = source.bytes.firstIndex(of: 0) {
            return (nil, [source.diagnostic(.configurationSyntax, "there is a NUL byte", at: offset, hint: "save the file as UTF-8 text")])
        }
        var builder = ConfigurationBuilder(source: source)
        source.bytes.withUnsafeBufferPointer { input in
            var events = YAMLEvents(input)
            reading: while true {
                switch events.next() {
                case .problem(let problem):
                    builder.stop(at: problem)
                    break reading
                case .event(let event):
                    if builder.take(event) == .stop { break reading }
                }
            }
        }
        return builder.outcome
    }
}
