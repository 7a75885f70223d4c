
/// A change request as the store keeps it: what is searched in columns, the whole as text.
package struct StoredRequest: Sendable, Hashable {
    package var id: String
    package var status: String
    package var base: String
    package var target: String
    /// The request in the form that ``ChangeControl`` writes and reads.
    package var body: String

    package init(id: String, status: String, base: String, target: String, body: String) {
        self.id = id
        self.status = status
        self.base = base
        self.target = target
        self.body = body
    }
}

extension Store {
    static let insertContent = Statement("INSERT INTO content (digest, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING")
    static let readContent = Statement("SELECT bytes FROM content WHERE digest = ?")
    static let insertState = Statement("INSERT INTO state (id, description) VALUES (?, ?) ON CONFLICT DO NOTHING")
    static let readState = Statement("SELECT description FROM state WHERE id = ?")
    static let writeRequest = Statement("""
        INSERT INTO change_request (id, status, base, target, body) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET status = excluded.status, base = excluded.base, target = excluded.target, body = excluded.body
        """)
    static let readRequest = Statement("SELECT id, status, base, target, body FROM change_request WHERE id = ?")
    static let allRequests = Statement("SELECT id, status, base, target, body FROM change_request ORDER BY id")
    static let requestsIn = Statement("SELECT id, status, base, target, body FROM change_request WHERE status = ? ORDER BY id")

    static var stateStatements: [Statement] {
        [insertContent, readContent, insertState, readState, writeRequest, readRequest, allRequests, requestsIn]
    }

    /// Keeps bytes under their digest; the same bytes are kept once.
    package static func keep(_ bytes: [UInt8], digest: String, in session: any StoreSession) throws {
        try session.execute(insertContent, [.text(digest), .blob(bytes)])
    }

    package func content(_ digest: String) throws -> [UInt8]? {
        try driver.read { try $0.firstRow(Self.readContent, [.text(digest)])?.blob(0) }
    }

    package static func keepState(_ id: String, description: String, in session: any StoreSession) throws {
        try session.execute(insertState, [.text(id), .text(description)])
    }

    package func stateDescription(_ id: String) throws -> String? {
        try driver.read { try $0.firstRow(Self.readState, [.text(id)])?.text(0) }
    }

    package static func write(_ request: StoredRequest, in session: any StoreSession) throws {
        try session.execute(
            writeRequest,
            [.text(request.id), .text(request.status), .text(request.base), .text(request.target), .text(request.body)])
    }

    package func request(_ id: String) throws -> StoredRequest? { try driver.read { try Self.request(id, in: $0) } }

    package static func request(_ id: String, in session: any StoreSession) throws -> StoredRequest? {
        try session.firstRow(readRequest, [.text(id)]).map(request)
    }

    package func requests() throws -> [StoredRequest] {
        try driver.read { try $0.rows(Self.allRequests).map(Self.request) }
    }

    /// Requests in one of these statuses.
    package func requests(in statuses: [String]) throws -> [StoredRequest] {
        try driver.read { session in try statuses.flatMap { try session.rows(Self.requestsIn, [.text($0)]).map(Self.request) } }
    }

    private static func request(_ row: SQLRow) -> StoredRequest {
        StoredRequest(id: row.text(0), status: row.text(1), base: row.text(2), target: row.text(3), body: row.text(4))
    }
}
