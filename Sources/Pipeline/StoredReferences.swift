import Mapping
package import Records
package import Store
package import Values

/// References as the store has them now. What was asked once is kept, so that one file sees one answer to one question.
package final class StoredReferences: ReferenceRecords {
    private struct Question: Hashable {
        let kind: RecordKind
        let client: String
        let keys: ClosedRange<String>
    }

    /// Most answers that are kept at once.
    private static let answersMax = 100_000

    private let store: Store
    private var answers: [Question: [Value]?] = [:]
    /// Why the store could not answer; whoever asks for records looks at it before they are used.
    package private(set) var failure: (any Error)?

    package init(_ store: Store) { self.store = store }

    package func record(_ kind: RecordKind, client: String, keys: ClosedRange<String>) -> [Value]? {
        let question = Question(kind: kind, client: client, keys: keys)
        if let answer = answers[question] { return answer }
        guard failure == nil else { return nil }
        do {
            let answer = try store.latest(kind, client: client, keys: keys)
            if answers.count >= Self.answersMax { answers.removeAll() }
            answers[question] = .some(answer)
            return answer
        } catch {
            failure = error
            return nil
        }
    }

    /// Throws what kept the store from answering.
    package func checkFailure() throws { if let failure { throw failure } }
}
