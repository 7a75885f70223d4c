import Pipeline
import Store
import Synchronization

/// What a daemon tells, in order; whoever reads it can wait for an event. Tests that wait have a time limit.
final class EventJournal: Sendable {
    private let known = Mutex<[PipelineEvent]>([])
    private let stream: AsyncStream<Void>
    private let ring: AsyncStream<Void>.Continuation

    init() { (stream, ring) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    var events: [PipelineEvent] { known.withLock { $0 } }

    func add(_ event: PipelineEvent) {
        known.withLock { $0.append(event) }
        ring.yield()
    }

    /// Waits until what was told so far satisfies a condition; it is asked anew after each event.
    func wait(until condition: ([PipelineEvent]) throws -> Bool) async throws {
        if try condition(events) { return }
        for await _ in stream where try condition(events) { return }
        throw CancellationError()
    }
}

extension PipelineEvent {
    var isTrouble: Bool { if case .trouble = self { true } else { false } }

    /// Subject, cause and hint of a trouble as one text.
    var trouble: String? { if case .trouble(let subject, let cause, let hint) = self { "\(subject): \(cause); \(hint ?? "")" } else { nil } }

    /// Name of the file that came to its end.
    var fileName: String? { if case .file(let file, _, _) = self { file.name } else { nil } }
}
