/// Why an exchange gave no complete response.
package struct TransferFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// The request cannot be sent as it is: address, headers, certificate files.
        case invalidRequest
        case dns
        case connect
        case tls
        case timeout
        /// The connection was lost, or what came back was not HTTP.
        case interrupted
        /// More body than ``Request/Limits/responseBytesMax``; `status` is the answer's.
        case oversizedResponse(status: Int)
        /// The address policy refused every address of the host.
        case refusedAddress
        /// The task that waited was cancelled.
        case cancelled
        /// The engine is ending, or its queue is full.
        case unavailable
        /// Something on this side: memory, descriptors.
        case own
    }

    package var kind: Kind
    /// What happened, in libcurl's words where it has some. Names the host, never a header or a body.
    package var fact: String
    /// libcurl's code; 0 where libcurl was not asked.
    package var code: Int
    package var hint: String?

    package init(_ kind: Kind, _ fact: String, code: Int = 0, hint: String? = nil) {
        self.kind = kind
        self.fact = fact
        self.code = code
        self.hint = hint
    }

    /// The policy refused an address, for a reason.
    init(refusedAddress reason: String, code: Int = 0) {
        self.init(
            .refusedAddress, reason, code: code, hint: "list the range under the target's allowed addresses if it is meant to be reached")
    }

    /// True if the same request may succeed later.
    package var mayRetry: Bool { kind != .invalidRequest }

    package var description: String { code == 0 ? fact : "\(fact) (libcurl \(code))" }
}
