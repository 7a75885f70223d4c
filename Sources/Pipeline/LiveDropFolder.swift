import Mapping
import Store

/// The drop folder that a pull fills: that of its feed, as the live state has it.
struct LiveDropFolder {
    private let pull: PullSettings
    private let site: Site
    /// As of a state.
    private var found: (state: String, folder: String)?

    init(_ pull: PullSettings, site: Site) {
        self.pull = pull
        self.site = site
    }

    /// Its path; what is live is compiled only where it is another state than before.
    mutating func path() throws -> String {
        let state = try site.store.siteValue(Site.Fact.liveState) ?? ""
        if let found, found.state == state { return found.folder }
        guard let feed = try site.liveState().bundle.library.feed(pull.pull.feed) else {
            throw PipelineFailure(
                subject: pull.name, cause: "no live feed is called \(pull.pull.feed)",
                hint: "name one that `crossdock feeds` lists; one that is only in Mappings/feeds begins with its change request")
        }
        let folder = site.dropFolder(of: feed)
        found = (state, folder)
        return folder
    }
}
