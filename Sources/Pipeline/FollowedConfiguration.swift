import FoundationEssentials
import Store

/// What the daemon follows while it works, kept beside `crossdock.yaml`: commands go by it while that has errors. And whether a reload was refused.
enum FollowedConfiguration {
    private static let name = ".crossdock.followed.yaml"
    private static let fact = "configuration refused"

    /// Keeps what is followed from now on. Nothing hangs on it: where it cannot be written, commands want a `crossdock.yaml` without errors.
    static func keep(root: String, store: Store) {
        let read = Site.configurationFile(root: root)
        if let bytes = try? FileBytes.read("\(root)/\(read)", limit: 4 << 20), SiteConfiguration.read(String(decoding: bytes, as: UTF8.self), file: read).site != nil {
            try? FileBytes.write(bytes, to: "\(root)/\(name).new", renamedTo: "\(root)/\(name)")
        }
        note(nil, in: store)
    }

    static func read(root: String) -> SiteConfiguration? {
        guard let bytes = try? FileBytes.read("\(root)/\(name)", limit: 4 << 20) else { return nil }
        return SiteConfiguration.read(String(decoding: bytes, as: UTF8.self), file: name).site
    }

    /// Notes why `crossdock.yaml` is not followed, for the status; nil: it is.
    static func note(_ refusal: String?, in store: Store) {
        try? store.driver.write(.later) { try Store.setSiteValue(fact, refusal ?? "", in: $0) }
    }

    static func refusal(in store: Store) throws -> String? {
        guard let kept = try store.siteValue(fact), !kept.isEmpty else { return nil }
        return kept
    }
}
