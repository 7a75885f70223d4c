import ActionFiles
import Outbox
import Synchronization
import Transfers

/// Puts action files into a folder on a server, one after the other: under a temporary name that hangs on the effect, looked at, and then renamed to the final
/// name, which never replaces a file that was seen there.
///
/// What the server says of a step that failed is no answer: the names are looked at. Doing it again is harmless: a file of that name with the same bytes is a
/// success.
final class RemoteFileWriter: FileWriter {
    private let folder: String
    private let target: String
    private let mayEmit: @Sendable () -> Bool
    private let thread = WorkThreads(threadsMax: 1)
    private let stopped = RemoteStop()
    private let client: Mutex<RemoteClient>

    init(_ target: RemoteTarget, named name: String, mayEmit: @escaping @Sendable () -> Bool) throws(PipelineFailure) {
        folder = target.folder
        self.target = name
        self.mayEmit = mayEmit
        do throws(TransferFailure) {
            client = Mutex(try RemoteClient(target.settings, stop: stopped))
        } catch {
            throw PipelineFailure(subject: "target \(name)", cause: error.description, hint: error.hint)
        }
    }

    func submit(_ effect: Effect, ended: @escaping @Sendable (AttemptOutcome) -> Void) {
        let job: @Sendable () -> Void = { [self] in ended(client.withLock { attempt(effect, $0) }) }
        thread.add(job, refusal: { _ in job() })
    }

    /// Within a second.
    func stop() { stopped.ask() }

    var isIdle: Bool { thread.isIdle }

    private func attempt(_ effect: Effect, _ client: RemoteClient) -> AttemptOutcome {
        guard let name = effect.fileName, ActionFileWriter.isPlain(fileName: name) else {
            return .refused("the effect \(effect.id) names no plain file (\(effect.fileName ?? "none"))")
        }
        let path = RemotePath.of(name, in: folder)
        let temporary = RemotePath.of(ActionFileWriter.temporaryName(of: name, effectID: effect.id), in: folder)
        do throws(TransferFailure) {
            return try put(effect, path, temporary, client)
        } catch {
            return .failed(error.failureClass, retryAfter: nil, detail: "\(path): \(error)")
        }
    }

    private func put(_ effect: Effect, _ path: String, _ temporary: String, _ client: RemoteClient) throws(TransferFailure) -> AttemptOutcome {
        let payload = effect.payload
        guard mayEmit() else { throw TransferFailure(.own, "the lease on the store is over") }
        if let found = try standing(effect, path, client) { return found }
        do throws(TransferFailure) {
            try client.upload(payload, to: temporary)
        } catch where error.kind != .cancelled {
            // The last answer may be lost, and all of it be there.
            guard let there = try? client.status(of: temporary), there.size == payload.count, try holds(payload, temporary, client) else { throw error }
        }
        let arrived = try client.status(of: temporary)?.size ?? 0
        guard arrived == payload.count else {
            throw TransferFailure(.denied, "\(arrived) of \(payload.count) bytes arrived", hint: "see whether the server has room")
        }
        // Once more, right before: servers of FTP replace what has the name.
        if let found = try standing(effect, path, client) { return leaving(temporary, found, client) }
        guard mayEmit() else { throw TransferFailure(.own, "the lease on the store is over") }
        var failure: TransferFailure?
        do throws(TransferFailure) { try client.rename(temporary, to: path) } catch { failure = error }
        // Whoever fetches there may have it already: that it is not there says nothing against a yes.
        guard let failure else { return .succeeded(status: nil) }
        if failure.kind == .cancelled { throw failure }
        // Somebody else's, or ours with its answer lost.
        if let found = try standing(effect, path, client) { return leaving(temporary, found, client) }
        // Nobody else knows the temporary name: where it is gone, the file was renamed, and fetched at once.
        guard try client.status(of: temporary) != nil else { return .succeeded(status: nil) }
        throw failure
    }

    /// What a file of the final name means; nil where there is none.
    private func standing(_ effect: Effect, _ path: String, _ client: RemoteClient) throws(TransferFailure) -> AttemptOutcome? {
        guard let there = try client.status(of: path) else { return nil }
        if there.size == effect.payload.count, try holds(effect.payload, path, client) { return .succeeded(status: nil) }
        return .refused("\(path): it is there with \(there.size) other bytes; effect \(effect.id) has \(effect.payload.count)")
    }

    private func holds(_ payload: [UInt8], _ path: String, _ client: RemoteClient) throws(TransferFailure) -> Bool {
        var at = 0, isSame = true
        do throws(TransferFailure) {
            _ = try client.download(path) { block in
                isSame = at + block.count <= payload.count && payload[at..<(at + block.count)].elementsEqual(block)
                at += block.count
                return isSame
            }
        } catch {
            if !isSame { return false }
            throw error
        }
        return at == payload.count
    }

    /// Takes the temporary file away, if the server lets us; one that stays is hidden, and is written over when the effect is sent again.
    private func leaving(_ temporary: String, _ outcome: AttemptOutcome, _ client: RemoteClient) -> AttemptOutcome {
        guard case .failed = outcome else {
            if (try? client.status(of: temporary)) != .some(.none) { try? client.remove(temporary) }
            return outcome
        }
        return outcome
    }
}

extension TransferFailure {
    /// What it means for a file that is put on a server.
    fileprivate var failureClass: FailureClass {
        switch kind {
        case .dns: .dns
        case .connect: .connect
        case .tls: .tls
        case .timeout: .timeout
        case .interrupted: .interrupted
        case .hostKey: .hostKey
        case .login: .login
        case .notFound, .denied, .oversizedResponse: .server
        case .refusedAddress: .refusedAddress
        case .proxy: .proxy
        case .invalidRequest, .cancelled, .unavailable, .own: .own
        }
    }
}
