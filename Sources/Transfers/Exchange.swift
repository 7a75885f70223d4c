import CLibCurl
import Glibc

/// One exchange under way: what libcurl's callbacks write into. Used on the engine's thread alone.
final class Exchange {
    let submission: Submission
    let easy: EasyHandle
    private var body: [UInt8] = []
    private var isOversized = false
    private var refusal: String?
    private var hasOpenedSocket = false

    init(_ submission: Submission, _ easy: EasyHandle) {
        self.submission = submission
        self.easy = easy
    }

    // MARK: from the callbacks

    /// False once the body is past its limit, which makes libcurl stop.
    fileprivate func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard body.count + bytes.count <= submission.request.limits.responseBytesMax else {
            isOversized = true
            return false
        }
        body.append(contentsOf: bytes)
        return true
    }

    fileprivate func admits(_ address: NetworkAddress?) -> Bool {
        guard let address else {
            refusal = "the address is neither IPv4 nor IPv6"
            return false
        }
        guard let found = submission.request.addresses.refusal(of: address) else { return true }
        refusal = found
        return false
    }

    fileprivate func openedSocket() { hasOpenedSocket = true }

    // MARK: at the end

    /// What the exchange came to. Called before the handle leaves the multi handle.
    func outcome(_ code: CURLcode) -> Result<Response, TransferFailure> {
        guard code == CURLE_OK else { return .failure(failure(code)) }
        let handle = easy.raw
        var headers: [Request.Header] = []
        for name in submission.request.wantedHeaders {
            guard let value = crossdock_curl_response_header(handle, name) else { continue }
            headers.append(Request.Header(name, String(cString: value)))
        }
        func microseconds(_ info: CURLINFO) -> Int { Int(crossdock_curl_get_offset(handle, info)) }
        return .success(
            Response(
                status: status, headers: headers, body: body,
                timings: Response.Timings(
                    resolved: microseconds(CURLINFO_NAMELOOKUP_TIME_T), connected: microseconds(CURLINFO_CONNECT_TIME_T),
                    secured: microseconds(CURLINFO_APPCONNECT_TIME_T),
                    firstByte: microseconds(CURLINFO_STARTTRANSFER_TIME_T), total: microseconds(CURLINFO_TOTAL_TIME_T)),
                address: address, isReusedConnection: crossdock_curl_get_long(handle, CURLINFO_NUM_CONNECTS) == 0))
    }

    private var status: Int { crossdock_curl_get_long(easy.raw, CURLINFO_RESPONSE_CODE) }

    private var hasAddress: Bool { crossdock_curl_get_long(easy.raw, CURLINFO_PRIMARY_PORT) != 0 }

    private var address: String {
        guard let host = crossdock_curl_get_text(easy.raw, CURLINFO_PRIMARY_IP).map({ String(cString: $0) }) else { return "" }
        let port = crossdock_curl_get_long(easy.raw, CURLINFO_PRIMARY_PORT)
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    private func failure(_ code: CURLcode) -> TransferFailure {
        if isOversized || code == CURLE_FILESIZE_EXCEEDED {
            return TransferFailure(
                .oversizedResponse(status: status),
                "the response is larger than \(submission.request.limits.responseBytesMax) bytes", code: Int(code.rawValue),
                hint: "raise the target's response limit if such answers are expected")
        }
        if let refusal, !hasOpenedSocket || code == CURLE_ABORTED_BY_CALLBACK {
            return TransferFailure(refusedAddress: refusal, code: Int(code.rawValue))
        }
        return TransferFailure(kind(of: code), easy.failureText(code), code: Int(code.rawValue), hint: hint(for: code))
    }

    private func kind(of code: CURLcode) -> TransferFailure.Kind {
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
        case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT, CURLE_NOT_BUILT_IN, CURLE_INTERFACE_FAILED, CURLE_UNKNOWN_OPTION,
            CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED:
            .own
        default: .interrupted
        }
    }

    private func hint(for code: CURLcode) -> String? {
        switch code {
        case CURLE_UNSUPPORTED_PROTOCOL where !hasAddress: "use https, or allow plain http for this target"
        case CURLE_PEER_FAILED_VERIFICATION: "check the certificate's name, dates and authority; a private authority is named in the target"
        case CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE: "check the certificate files of the target"
        case CURLE_COULDNT_RESOLVE_HOST: "check the host name and the name servers of this machine"
        default: nil
        }
    }
}

// MARK: callbacks

private func exchange(_ pointer: UnsafeMutableRawPointer?) -> Exchange? {
    pointer.map { Unmanaged<Exchange>.fromOpaque($0).takeUnretainedValue() }
}

/// CURLOPT_WRITEFUNCTION: taking fewer bytes than given ends the exchange.
func exchangeWrite(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    let length = size * count
    guard let exchange = exchange(context) else { return 0 }
    return exchange.write(UnsafeRawBufferPointer(start: bytes, count: length)) ? length : 0
}

/// CURLOPT_OPENSOCKETFUNCTION: no socket is opened for an address that the policy refuses.
func exchangeOpenSocket(
    _ context: UnsafeMutableRawPointer?, _ purpose: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let exchange = exchange(context), let address, let raw = crossdock_curl_address(address),
        exchange.admits(NetworkAddress(raw, length: Int(address.pointee.addrlen)))
    else { return CURL_SOCKET_BAD }
    exchange.openedSocket()
    return crossdock_curl_socket(address)
}

/// CURLOPT_PREREQFUNCTION: a connection that another target opened is vetted again for this one.
func exchangeBeforeRequest(
    _ context: UnsafeMutableRawPointer?, _ address: UnsafeMutablePointer<CChar>?, _ local: UnsafeMutablePointer<CChar>?,
    _ port: Int32, _ localPort: Int32
) -> Int32 {
    guard let exchange = exchange(context), let address else { return CURL_PREREQFUNC_ABORT }
    return exchange.admits(NetworkAddress(String(cString: address))) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}
