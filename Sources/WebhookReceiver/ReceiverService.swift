import HTTPTypes
import Hummingbird
import Logging
import ServiceLifecycle
import Webhooks

/// A web server on 127.0.0.1 that takes webhooks in, for trying things out: it verifies, recognises repeats, keeps a
/// journal, and misbehaves where it is asked to.
///
/// - `POST` any path: 204, or 401 with the reason if the signature is not right.
/// - `GET /stats`: the counts as JSON.
/// - `/fail/503?retryAfter=2`: answers that status, with Retry-After if given.
/// - `/flaky?failures=2&retryAfter=1`: fails each webhook id that many times with 503, then takes it.
/// - `/slow?seconds=10`: takes the webhook after that time.
/// - `/endless`: 200 and a body without end.
/// - `/redirect?to=https://...`: 302 to there.
package struct ReceiverService: Service {
    private let settings: ReceiverSettings
    private let desk: ReceiverDesk
    private let logger: Logger
    private let onListening: @Sendable (Int) async -> Void

    /// - Parameter onListening: called with the port once the server listens.
    package init(
        _ settings: ReceiverSettings, onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws(ReceiverFailure) {
        self.settings = settings
        self.onListening = onListening
        desk = try ReceiverDesk(settings)
        var logger = Logger(label: "webhook-receiver")
        logger.logLevel = .warning
        self.logger = logger
    }

    /// Serves until the service group shuts down gracefully or the task is cancelled.
    package func run() async throws {
        let onListening = onListening
        let application = Application(
            router: router(), configuration: .init(address: .hostname("127.0.0.1", port: settings.port), serverName: nil),
            onServerRunning: { channel in
                if let port = channel.localAddress?.port { await onListening(port) }
            },
            logger: logger)
        try await application.run()
    }

    private func router() -> Router<BasicRequestContext> {
        let router = Router()
        let desk = desk
        router.get("stats") { _, _ in
            Response(status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(string: desk.statistics)))
        }
        for method in [HTTPRequest.Method.post, .put, .get] { addMisbehaviour(router, method) }
        // "**" is one path element or more; the root is none.
        for path: RouterPath in ["/", "**"] {
            router.post(path) { request, _ in try await take(request) }
            router.put(path) { request, _ in try await take(request) }
        }
        return router
    }

    private func addMisbehaviour(_ router: Router<BasicRequestContext>, _ method: HTTPRequest.Method) {
        let desk = desk
        router.on("fail/:status", method: method) { request, context in
            desk.noteMisbehaviour()
            guard let status = context.parameters.get("status", as: Int.self), (200...599).contains(status) else {
                return Response(status: .badRequest)
            }
            return Response(status: .init(code: status), headers: ReceiverService.retryAfter(request))
        }
        router.on("flaky", method: method) { request, _ in
            let id = request.headers[HTTPField.Name.webhookID] ?? ""
            let failures = request.uri.queryParameters.get("failures", as: Int.self) ?? 1
            guard desk.flakes(id: id, failures: failures) else { return try await take(request) }
            return Response(status: .serviceUnavailable, headers: ReceiverService.retryAfter(request))
        }
        router.on("slow", method: method) { request, _ in
            let seconds = request.uri.queryParameters.get("seconds", as: Double.self) ?? 1
            try await Task.sleep(for: .seconds(min(max(seconds, 0), 3_600)))
            return try await take(request)
        }
        router.on("endless", method: method) { _, _ in
            desk.noteMisbehaviour()
            return Response(status: .ok, body: ResponseBody { writer in
                let block = ByteBuffer(repeating: 0x78, count: 65_536)
                // Ends when the client goes: writing throws then.
                while !Task.isCancelled { try await writer.write(block) }
                try await writer.finish(nil)
            })
        }
        router.on("redirect", method: method) { request, _ in
            desk.noteMisbehaviour()
            let location = request.uri.queryParameters.get("to") ?? "/"
            return Response(status: .found, headers: [.location: location])
        }
    }

    private func take(_ request: Request) async throws -> Response {
        let body = try await request.body.collect(upTo: settings.bodyBytesMax)
        let delivery = ReceiverDesk.Delivery(
            path: request.uri.path, id: request.headers[.webhookID], timestamp: request.headers[.webhookTimestamp],
            signatures: request.headers[.webhookSignature], body: Array(body.readableBytesView))
        switch try desk.accept(delivery, at: ReceiverDesk.now) {
        case .accepted: return Response(status: .noContent)
        case .refused(let verdict):
            return Response(status: .unauthorized, body: .init(byteBuffer: ByteBuffer(string: "\(verdict.rawValue)\n")))
        }
    }

    private static func retryAfter(_ request: Request) -> HTTPFields {
        guard let value = request.uri.queryParameters.get("retryAfter") else { return [:] }
        return [.retryAfter: value]
    }
}
