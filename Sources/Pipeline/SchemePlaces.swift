import Configurations

/// Which files of a state are about which scheme, found by their first keys, so that it holds of files with defects too.
struct SchemePlaces {
    private var roots: [(path: String, root: ConfigurationNode)] = []

    init(_ files: StateFiles) {
        for file in files.files where file.path.hasSuffix(".yaml") && (file.path.hasPrefix("Schemes/") || file.path.hasPrefix("Overrides/")) {
            if let root = ConfigurationText.parse(String(decoding: file.bytes, as: UTF8.self), file: file.path).root { roots.append((file.path, root)) }
        }
    }

    /// The scheme's file, its decision model, the attributes of its kind of entity, the calendar, and what names the scheme; nil where no file declares it.
    func files(of scheme: String) -> Set<String>? {
        guard let found = roots.first(where: { $0.root["scheme"]?.scalar == scheme && $0.root.entries.first?.name == "scheme" }) else { return nil }
        let entity = found.root["entity"]?.scalar
        var paths: Set<String> = [found.path]
        if let model = found.root["rules"]?["model"]?.scalar { paths.insert("\(Site.parent(of: found.path))/\(model)") }
        for (path, root) in roots {
            switch root.entries.first?.name {
            case "attributes": if root["entity"]?.scalar == entity { paths.insert(path) }
            case "calendar": paths.insert(path)
            case "action", "override": if root["scheme"]?.scalar == scheme { paths.insert(path) }
            default: break
            }
        }
        return paths
    }
}
