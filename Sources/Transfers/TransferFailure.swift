import CLibCurl

/// Why an exchange gave no complete response, or why something was not done on a server of files.
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
        /// The proxy was not found or reached, may not be reached, or makes no tunnel: a fault of this side.
        case proxy
        /// The server shows another key than those that it may.
        case hostKey
        /// The server does not let us in as this user.
        case login
        /// The server has no file or folder of that name.
        case notFound
        /// The server does not do what it was asked: no right, no room, a name that is taken.
        case denied
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
            .refusedAddress, reason, code: code, hint: "list its range under allowAddresses of the target, of its proxy or of the remote, if it is meant to be reached")
    }

    /// What a code of libcurl means. `hasAddress`: a connection was made.
    static func kind(of code: CURLcode, hasAddress: Bool) -> Kind {
        switch code {
        // libcurl calls bytes that are no HTTP/1 an answer of HTTP/0.9, which is not allowed.
        case CURLE_UNSUPPORTED_PROTOCOL where hasAddress: .interrupted
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CACERT_BADFILE:
            .invalidRequest
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_RESOLVE_HOST: .dns
        case CURLE_COULDNT_CONNECT: .connect
        case CURLE_OPERATION_TIMEDOUT: .timeout
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CIPHER, CURLE_USE_SSL_FAILED,
            CURLE_SSL_SHUTDOWN_FAILED, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_PINNEDPUBKEYNOTMATCH,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT:
            .tls
        case CURLE_LOGIN_DENIED: .login
        case CURLE_REMOTE_FILE_NOT_FOUND: .notFound
        case CURLE_REMOTE_ACCESS_DENIED, CURLE_REMOTE_DISK_FULL, CURLE_REMOTE_FILE_EXISTS, CURLE_QUOTE_ERROR, CURLE_UPLOAD_FAILED,
            CURLE_FTP_COULDNT_RETR_FILE:
            .denied
        case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT, CURLE_NOT_BUILT_IN, CURLE_INTERFACE_FAILED, CURLE_UNKNOWN_OPTION,
            CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED:
            .own
        default: .interrupted
        }
    }

    /// The same as a failure of the proxy, where looking for it failed.
    var ofProxy: TransferFailure {
        guard kind == .dns || kind == .refusedAddress else { return self }
        return TransferFailure(.proxy, "the proxy: \(fact)", code: code, hint: hint)
    }

    /// True if the same request may succeed later.
    package var mayRetry: Bool { kind != .invalidRequest }

    package var description: String { code == 0 ? fact : "\(fact) (libcurl \(code))" }
}
