import ChangeControl

/// Where the files of a site lie in a backup: what is below the site's folder under `Site/`, all else under `Outside/` by its whole path.
package struct SiteCopy: Sendable {
    /// The folder of the backup.
    let folder: String
    /// The site's folder at the time, absolute.
    let root: String

    static let inside = "Site", outside = "Outside"

    /// The place of a path as it is configured, or as the ledger has it: relative to the folder of the backup.
    func place(_ path: String) -> String {
        let whole = Self.normal(Site.path(path, root: root))
        if whole == root { return Self.inside }
        return whole.hasPrefix(root + "/") ? Self.inside + whole.dropFirst(root.utf8.count) : Self.outside + whole
    }

    /// Where the bytes of such a path lie in the backup.
    func path(_ path: String) -> String { "\(folder)/\(place(path))" }

    /// Where what lies at a place belongs, of a site in another folder; nil for what is no place.
    static func destination(_ place: String, root: String) -> String? {
        guard !place.split(separator: "/", omittingEmptySubsequences: false).contains(where: { $0 == ".." || $0 == "." || $0.isEmpty }) else { return nil }
        if place.hasPrefix(inside + "/") { return root + place.dropFirst(inside.utf8.count) }
        return place.hasPrefix(outside + "/") ? String(place.dropFirst(outside.utf8.count)) : nil
    }

    /// An absolute path without `.`, `..` and empty parts, as they read: links are not asked.
    static func normal(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") {
            switch part {
            case ".": continue
            case "..": _ = parts.popLast()
            default: parts.append(part)
            }
        }
        return "/" + parts.joined(separator: "/")
    }
}
