import Transfers
import Values

/// A pull with its paths and secrets read.
package struct PullSettings: Sendable {
    let pull: SiteConfiguration.Pull
    let settings: RemoteSettings
    /// Folders on the server, absolute or beginning with `~`.
    let folder: String
    let moveTo: String?
    let claim: String?

    var name: String { pull.name }

    private init(_ pull: SiteConfiguration.Pull, of site: SiteConfiguration, root: String) throws(PipelineFailure) {
        self.pull = pull
        var settings = try RemoteSettings(pull.remote, of: site, root: root)
        settings.limits.listingEntriesMax = pull.namesMax
        folder = try settings.folder(pull.folder, of: pull.remote)
        claim = try pull.claim.map { text throws(PipelineFailure) in try settings.folder(text, of: pull.remote) }
        if case .move(let text) = pull.after { moveTo = try settings.folder(text, of: pull.remote) } else { moveTo = nil }
        self.settings = settings
    }

    /// Every pull of a site.
    package static func all(_ site: SiteConfiguration, root: String) throws(PipelineFailure) -> [PullSettings] {
        var all: [PullSettings] = []
        for pull in site.pulls { all.append(try PullSettings(pull, of: site, root: root)) }
        return all
    }
}

extension SiteConfiguration {
    /// Reads what pulls need besides: secrets, keys and certificates.
    package func checkPulls(root: String) throws(PipelineFailure) { _ = try PullSettings.all(self, root: root) }
}
