import ArgumentParser
import Logging
import Pipeline
import ServiceLifecycle
import UnixSignals
import WebhookReceiver
import Webhooks

struct WebhookReceiverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook-receiver", abstract: "Receive webhooks on loopback and verify their signatures, for trying things out.",
        discussion: "GET /stats counts; /fail/503?retryAfter=2, /flaky?failures=2, /slow?seconds=10, /endless and /redirect?to= misbehave.")

    @Option(name: .long, help: "Port on 127.0.0.1; 0 picks a free one.")
    var port = 8089
    @Option(name: .long, help: "File with the secret (whsec_…) that must have signed.")
    var secretFile: String?
    @Option(name: .long, help: "File that each accepted webhook is appended to, as one JSON line.")
    var journal: String?

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("\(port) is no port; give 0 to 65535") }
    }

    func run() async throws {
        var secrets: [SigningSecret] = []
        if let secretFile {
            let text = String(decoding: try FileBytes.read(secretFile, limit: 4096), as: UTF8.self)
            guard let secret = SigningSecret(text.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? "") else {
                throw PipelineFailure(subject: secretFile, cause: "it holds no secret of 24 to 64 bytes in base64", hint: "write whsec_ and the base64 text into it")
            }
            secrets.append(secret)
        }
        let receiver = try ReceiverService(ReceiverSettings(port: port, secrets: secrets, journalPath: journal)) { port in
            Console.note("receiving on http://127.0.0.1:\(port)")
        }
        var logger = Logger(label: "webhook-receiver")
        logger.logLevel = .warning
        try await ServiceGroup(services: [receiver], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger).run()
    }
}
