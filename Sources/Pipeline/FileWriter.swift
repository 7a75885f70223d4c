import ActionFiles
import Outbox
import Transfers

/// Puts action files where a target wants them, one after the other, on a thread of its own: a share that hangs, or a server that crawls, holds up nobody else.
protocol FileWriter: Sendable {
    /// Puts a file there behind those that were submitted before; `ended` is called once, on the target's thread.
    func submit(_ effect: Effect, ended: @escaping @Sendable (AttemptOutcome) -> Void)
    /// Ends what is under way where that can be ended. What has not ended is put there at the next start.
    func stop()
    /// Whether all that was submitted has ended.
    var isIdle: Bool { get }
}

/// The writer of a target that is a folder of this machine, or a share that is mounted here.
final class FolderFileWriter: FileWriter {
    private let target: String
    private let folder: String
    private let mayEmit: @Sendable () -> Bool
    private let thread = WorkThreads(threadsMax: 1)
    private let files = ActionFileWriter()

    init(_ target: String, _ folder: String, mayEmit: @escaping @Sendable () -> Bool) {
        self.target = target
        self.folder = folder
        self.mayEmit = mayEmit
    }

    /// Takes away what a lost process left half-written, before anything is written.
    ///
    /// - Parameter makes: whether the folder is made where it is missing. One of somebody else may be a share that is not mounted.
    func prepare(makes: Bool, events: @escaping EventHandler) {
        let job: @Sendable () -> Void = { [target, folder, files] in
            do {
                if makes { try Site.makeFolder(folder) }
                _ = try files.sweep(folder, of: target)
            } catch {
                // Each effect for it says so again, and is tried again until its deadline.
                events(.trouble(subject: folder, cause: "\(error)", hint: "check the owner and mode of the outbox"))
            }
        }
        thread.add(job, refusal: { _ in job() })
    }

    func submit(_ effect: Effect, ended: @escaping @Sendable (AttemptOutcome) -> Void) {
        let job: @Sendable () -> Void = { [self] in
            ended(mayEmit() ? files.attempt(effect, into: folder) : .failed(.own, retryAfter: nil, detail: "the lease on the store is over"))
        }
        thread.add(job, refusal: { _ in job() })
    }

    func stop() {}

    var isIdle: Bool { thread.isIdle }
}
