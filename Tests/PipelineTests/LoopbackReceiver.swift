import Foundation
import Testing
import WebhookReceiver
import Webhooks

/// The project's own receiver on loopback, for the time of a body.
enum LoopbackReceiver {
    /// - Parameter body: is given the address, without a path, and the path of the journal.
    static func run(_ body: (_ address: String, _ journal: String) async throws -> Void) async throws {
        let journal = FileManager.default.temporaryDirectory.appendingPathComponent("crossdock-journal-\(UUID().uuidString)").path
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let secret = try #require(SigningSecret(DeskSite.secret))
        let service = try ReceiverService(ReceiverSettings(secrets: [secret], journalPath: journal)) { port in
            found.yield(port)
            found.finish()
        }
        let running = Task { try await service.run() }
        var port: Int?
        for await listening in ports { port = listening }
        do {
            try await body("http://127.0.0.1:\(#require(port))", journal)
        } catch {
            running.cancel()
            throw error
        }
        running.cancel()
        do { try await running.value } catch is CancellationError {}
        try FileManager.default.removeItem(atPath: journal)
    }

    static func lines(_ journal: String) throws -> [String] {
        try String(contentsOfFile: journal, encoding: .utf8).split(separator: "\n").map(String.init)
    }
}
