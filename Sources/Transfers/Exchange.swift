import CLibCurl
import Glibc

/// One exchange under way: what libcurl's callbacks write into. Used on the engine's thread alone.
final class Exchange {
    let submission: Submission
    let easy: EasyHandle
    private var body: [UInt8] = []
    private var isOversized = false
    let vetting: SocketVetting

    init(_ submission: Submission, _ easy: EasyHandle) {
        self.submission = submission
        self.easy = easy
        vetting = SocketVetting(submission.request.proxy?.addresses ?? submission.request.addresses)
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
        if let refused = vetting.failure(code) { return submission.request.proxy == nil ? refused : refused.ofProxy }
        if submission.request.proxy != nil, let failure = proxyFailure(code) { return failure }
        return TransferFailure(TransferFailure.kind(of: code, hasAddress: hasAddress), easy.failureText(code), code: Int(code.rawValue), hint: hint(for: code))
    }

    /// What went wrong at the proxy, or was told by it; nil where it did its part.
    private func proxyFailure(_ code: CURLcode) -> TransferFailure? {
        let answer = crossdock_curl_get_long(easy.raw, CURLINFO_HTTP_CONNECTCODE)
        switch answer {
        // It was reached, and did not reach the host (RFC 9110, 15.6).
        case 500...: return TransferFailure(.connect, "the proxy cannot reach the host: it answered \(answer)", code: Int(code.rawValue))
        case 300...:
            return TransferFailure(
                .proxy, "the proxy makes no tunnel: it answered \(answer)", code: Int(code.rawValue), hint: answer == 407 ? "give user and password of the proxy" : "ask who runs the proxy")
        default: break
        }
        let isReached = crossdock_curl_get_offset(easy.raw, CURLINFO_CONNECT_TIME_T) > 0
        guard code == CURLE_COULDNT_RESOLVE_PROXY || code == CURLE_PROXY || (!isReached && [CURLE_COULDNT_CONNECT, CURLE_OPERATION_TIMEDOUT].contains(code)) else { return nil }
        return TransferFailure(.proxy, easy.failureText(code), code: Int(code.rawValue), hint: "check that the proxy runs, and its address")
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
