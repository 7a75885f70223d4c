import Intake
package import Store
package import Transfers

/// What one pull knows between its rounds. A round is done by one thread, which waits for the server.
///
/// A file goes: seen unchanged for long enough, fetched into the drop folder under a name that nobody looks at, written down, given its name, taken away on
/// the server, written down. Whatever ends the process in between, the next round goes on from what is written down and what lies where: no file is lost, and
/// none is taken twice.
///
/// It reaches the server, the clocks and the store through what it is given, so that tests live through thousands of its lives in simulated time.
package struct PullState {
    let pull: PullSettings
    let server: any PullServer
    let store: Store
    let clock: PullClock
    /// Path of the folder that is filled.
    private let dropFolder: () throws -> String
    /// Whether this process still has the right to change something on the server.
    let mayEmit: @Sendable () -> Bool
    let events: EventHandler
    var settling: PullSettling
    /// Of files that were claimed and not pulled.
    var claims: PullSettling
    /// Files that the server did not give.
    var refused: Set<String> = []
    /// Most files that the server is asked about in one look, where its listing tells no seconds.
    package var askedMax = 500
    var waiting: [PullWaiting] = []
    /// What was told already of single files.
    private var told: Set<PullWaiting> = []
    let names: NamePattern

    /// What one round came to.
    package struct Round: Sendable {
        package var failure: Trouble?
        package var taken = 0
        /// There is more that could be taken at once.
        package var isCut = false
        /// When (monotonic milliseconds) a file is whole with nothing happening to it.
        package var nextSettled: Int?
        package var waiting: [PullWaiting] = []
    }

    /// Why nothing more can be done in this round.
    package struct Trouble: Hashable, Sendable {
        package var cause: String
        package var hint: String?
    }

    /// A pull into the drop folder of its feed.
    package init(_ pull: PullSettings, site: Site, stop: RemoteStop, mayEmit: @escaping @Sendable () -> Bool, events: @escaping EventHandler) throws(TransferFailure) {
        var folder = LiveDropFolder(pull, site: site)
        self.init(
            pull, from: try RemoteClient(pull.settings, stop: stop), into: { try folder.path() }, store: site.store, clock: .system, mayEmit: mayEmit, events: events)
    }

    /// - Parameter dropFolder: gives the path of the folder that is filled, in each round anew.
    package init(
        _ pull: PullSettings, from server: any PullServer, into dropFolder: @escaping () throws -> String, store: Store, clock: PullClock,
        mayEmit: @escaping @Sendable () -> Bool, events: @escaping EventHandler
    ) {
        self.pull = pull
        self.server = server
        self.dropFolder = dropFolder
        self.store = store
        self.clock = clock
        self.mayEmit = mayEmit
        self.events = events
        names = NamePattern(pull.pull.names)
        let quiet = pull.pull.quiet.wholeMilliseconds
        settling = PullSettling(quietMilliseconds: quiet, done: pull.pull.done)
        claims = PullSettling(quietMilliseconds: quiet, done: nil)
    }

    /// Removes what interrupted processes had fetched of files and not written down. To be called before any pull of the site begins: another one may fill the
    /// same drop folder.
    package func removeLeftovers() throws { try StagedFile.removeLeftovers(in: dropFolder(), but: try store.stagedFiles()) }

    /// Looks at the server once and takes what is whole.
    ///
    /// - Throws: a lost lease, and what else ends the daemon. What may be over at the next round is in the round.
    package mutating func round() throws -> Round {
        var round = Round()
        waiting = []
        do {
            let folder = try dropFolder()
            try Folder.make(folder)
            var open = try store.openRemoteFiles(remote: pull.pull.remote, folder: pull.folder)
            try place(&open)
            try takeAway(&open)
            let look = try look(open)
            round.nextSettled = look.next
            (round.taken, round.isCut) = try take(look.ready, into: folder)
            // With those gone, the next look asks about others.
            if look.isCut, round.taken > 0 { round.isCut = true }
        } catch let failure as TransferFailure {
            round.failure = Trouble(cause: failure.description, hint: failure.hint)
        } catch let failure as IntakeFailure {
            round.failure = Trouble(cause: failure.fact, hint: failure.hint)
        } catch let failure as PipelineFailure {
            round.failure = Trouble(cause: failure.cause, hint: failure.hint)
        } catch let failure as StoreFailure where failure.isRetriable {
            round.failure = Trouble(cause: failure.cause, hint: failure.hint)
        }
        round.waiting = waiting
        return round
    }

    /// Size and time of a file on the server; nil where nothing has that name.
    func look(at place: String) throws(TransferFailure) -> RemoteClient.Status? { try server.status(of: place, known: nil) }

    /// Notes why a file stays on the server for now.
    ///
    /// - Parameter isTrouble: whether somebody is to be told, once.
    mutating func waits(_ name: String, _ reason: String, isTrouble: Bool = false, hint: String? = nil) {
        waiting.append(PullWaiting(name: name, reason: reason))
        if isTrouble { tell("\(pull.name)/\(name)", reason, hint: hint) }
    }

    /// Tells of trouble that stops nothing else, once.
    mutating func tell(_ subject: String, _ cause: String, hint: String?) {
        guard told.count < 10_000, told.insert(PullWaiting(name: subject, reason: cause)).inserted else { return }
        events(.trouble(subject: subject, cause: cause, hint: hint))
    }
}
