package import Diagnostics
import Microsegments

/// What `check` says of the files of schemes alone: the answer of `scheme check`.
package struct SchemeCheck: Sendable {
    /// The schemes that were checked; without those that do not compile.
    package let schemes: [String]
    package let findings: [Diagnostic]

    package var isSound: Bool { !findings.contains { $0.severity == .error } }

    /// Nil where there is no scheme of that name.
    ///
    /// - Parameter name: only this scheme: its file, its model, its attributes, and the actions and overrides that name it; nil takes all.
    package init?(_ files: StateFiles, name: String?) {
        let (bundle, all) = files.compile()
        let own = all.filter { $0.position.file?.hasPrefix("Schemes/") == true || $0.position.file?.hasPrefix("Overrides/") == true }
        guard let name else {
            schemes = bundle?.schemes.map(\.name).sorted() ?? []
            findings = own
            return
        }
        let places = SchemePlaces(files)
        guard let wanted = places.files(of: name) else { return nil }
        findings = own.filter { $0.position.file.map(wanted.contains) ?? false }
        schemes = findings.contains { $0.severity == .error } ? [] : [name]
    }
}
