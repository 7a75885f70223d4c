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

    private let ask: (Question) throws -> [Value]?
    private var answers: [Question: [Value]?] = [:]
    /// Why the store could not answer; whoever asks for records looks at it before they are used.
    package private(set) var failure: (any Error)?

    /// Each question is asked in a transaction of its own.
    package init(_ store: Store) {
        ask = { question in try store.driver.read { try Store.latest(question.kind, client: question.client, keys: question.keys, in: $0) } }
    }

    /// All questions are asked in one transaction, within which they are used.
    init(in session: any StoreSession) {
        ask = { try Store.latest($0.kind, client: $0.client, keys: $0.keys, in: session) }
    }

    package func record(_ kind: RecordKind, client: String, keys: ClosedRange<String>) -> [Value]? {
        let question = Question(kind: kind, client: client, keys: keys)
        if let answer = answers[question] { return answer }
        guard failure == nil else { return nil }
        do {
            let answer = try ask(question)
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
