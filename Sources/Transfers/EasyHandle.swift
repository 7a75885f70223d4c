import CLibCurl

/// One libcurl easy handle, used for one exchange after another on the engine's thread. Owns its error text and the
/// header list of the exchange it has.
final class EasyHandle {
    let raw: UnsafeMutableRawPointer
    private let errorText: UnsafeMutablePointer<CChar>
    private var headers: UnsafeMutablePointer<curl_slist>?
    /// The address that the host is pinned to, as CURLOPT_RESOLVE has it.
    private var pin: UnsafeMutablePointer<curl_slist>?
    /// What the handle was prepared for last: what is the same is not set again.
    private var former: Request?
    /// The first option that libcurl did not take; an exchange with one does not start.
    private var refusedOption: CURLcode = CURLE_OK

    /// nil if libcurl has no memory.
    init?(connectionAgeMaxSeconds: Int) {
        guard let raw = curl_easy_init() else { return nil }
        self.raw = raw
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        crossdock_curl_set_pointer(raw, CURLOPT_ERRORBUFFER, errorText)
        // Signals are the process's business, and libcurl's use of them is slow and unsafe beside other threads.
        set(CURLOPT_NOSIGNAL, 1)
        // A name that does not resolve must not hold up the thread when its exchange ends (libcurl joins its resolver).
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_REDIR_PROTOCOLS_STR, "https")
        set(CURLOPT_NETRC, 0)
        // Empty, not NULL: the environment's proxies are not asked, and nobody is excepted by it.
        set(CURLOPT_PROXY, "")
        set(CURLOPT_NOPROXY, "")
        set(CURLOPT_HTTPPROXYTUNNEL, 1)
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_TCP_KEEPIDLE, 30)
        set(CURLOPT_TCP_KEEPINTVL, 10)
        set(CURLOPT_MAXLIFETIME_CONN, connectionAgeMaxSeconds)
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        note(crossdock_curl_set_write(raw, exchangeWrite))
        note(crossdock_curl_set_open_socket(raw, vettedOpenSocket))
        note(crossdock_curl_set_before_request(raw, vettedBeforeRequest))
    }

    deinit {
        curl_easy_cleanup(raw)
        curl_slist_free_all(headers)
        curl_slist_free_all(pin)
        errorText.deallocate()
    }

    /// Sets every option in which exchanges differ. `exchange` is given back to the callbacks and lives until the end.
    ///
    /// - Parameters:
    ///   - pinned: `host:port:address,address`; nil where the host is an address.
    ///   - vetting: what the exchange's sockets are asked of; it lives as long.
    func prepare(
        _ request: Request, pinned: String?, exchange: UnsafeMutableRawPointer, vetting: UnsafeMutableRawPointer
    ) throws(TransferFailure) {
        errorText[0] = 0
        if former?.url != request.url || former?.allowsPlainHTTP != request.allowsPlainHTTP { setTarget(request) }
        setBody(request)
        if former?.limits != request.limits { setLimits(request.limits) }
        if former == nil || former?.trust != request.trust { request.trust.set(on: raw, note) }
        if former == nil || former?.proxy != request.proxy { setProxy(request.proxy) }
        former = nil
        try setPin(pinned)
        try setHeaders(request)
        for option in [CURLOPT_PRIVATE, CURLOPT_WRITEDATA] { note(crossdock_curl_set_pointer(raw, option, exchange)) }
        for option in [CURLOPT_OPENSOCKETDATA, CURLOPT_PREREQDATA] { note(crossdock_curl_set_pointer(raw, option, vetting)) }
        guard refusedOption == CURLE_OK else {
            let code = refusedOption
            throw TransferFailure(.own, String(cString: curl_easy_strerror(code)), code: Int(code.rawValue))
        }
        former = request
        former?.body = []
        former?.headers = []
    }

    /// Lets go of what the last exchange needed.
    func release() {
        // Setting the fields frees libcurl's copy of the body.
        crossdock_curl_set_offset(raw, CURLOPT_POSTFIELDSIZE_LARGE, -1)
        crossdock_curl_set_pointer(raw, CURLOPT_COPYPOSTFIELDS, nil)
        crossdock_curl_set_list(raw, CURLOPT_HTTPHEADER, nil)
        curl_slist_free_all(headers)
        headers = nil
    }

    /// What went wrong, in libcurl's words: the particular text if there is one, else the general one.
    func failureText(_ code: CURLcode) -> String {
        errorText[0] == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: errorText)
    }

    private func setTarget(_ request: Request) {
        set(CURLOPT_URL, request.url)
        set(CURLOPT_PROTOCOLS_STR, request.allowsPlainHTTP ? "https,http" : "https")
        // With TLS, ALPN says at once whether exchanges can share a connection, so they wait for that. Without, the first
        // answer would say it, and every exchange would wait for the slowest first one (7.88, ConnectionExists).
        let isSecure = request.url.prefix(6).lowercased() == "https:"
        set(CURLOPT_HTTP_VERSION, isSecure ? Int(CURL_HTTP_VERSION_2TLS) : Int(CURL_HTTP_VERSION_1_1))
        set(CURLOPT_PIPEWAIT, isSecure ? 1 : 0)
    }

    private func setBody(_ request: Request) {
        switch request.method {
        case .get where request.body.isEmpty:
            set(CURLOPT_HTTPGET, 1)
            set(CURLOPT_CUSTOMREQUEST, nil)
        case .post, .get, .put, .patch, .delete:
            set(CURLOPT_POST, 1)
            note(crossdock_curl_set_offset(raw, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count)))
            request.body.withUnsafeBytes { bytes in
                if let base = bytes.baseAddress {
                    note(crossdock_curl_set_pointer(raw, CURLOPT_COPYPOSTFIELDS, base))
                } else {
                    set(CURLOPT_COPYPOSTFIELDS, "")
                }
            }
            set(CURLOPT_CUSTOMREQUEST, request.method == .post ? nil : request.method.rawValue)
        }
    }

    private func setProxy(_ proxy: Request.Proxy?) {
        set(CURLOPT_PROXY, proxy?.url ?? "")
        set(CURLOPT_PROXYUSERNAME, proxy?.user)
        set(CURLOPT_PROXYPASSWORD, proxy?.password)
    }

    private func setLimits(_ limits: Request.Limits) {
        set(CURLOPT_CONNECTTIMEOUT_MS, limits.connectMilliseconds)
        set(CURLOPT_TIMEOUT_MS, limits.totalMilliseconds)
        set(CURLOPT_LOW_SPEED_LIMIT, limits.lowSpeedBytesPerSecond)
        set(CURLOPT_LOW_SPEED_TIME, limits.lowSpeedSeconds)
        // Stops at once where Content-Length is past the limit; the write callback stops the others.
        note(crossdock_curl_set_offset(raw, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(limits.responseBytesMax)))
    }

    private func setHeaders(_ request: Request) throws(TransferFailure) {
        curl_slist_free_all(headers)
        headers = nil
        var hasContentType = request.body.isEmpty
        for header in request.headers {
            if header.name.lowercased() == "content-type" { hasContentType = true }
            // libcurl drops a header with nothing behind the colon; a semicolon sends it empty.
            try append(header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
        }
        // Without these, libcurl waits a second for "100 Continue" before a large body, and calls every body a form.
        try append("Expect:")
        if !hasContentType { try append("Content-Type:") }
        note(crossdock_curl_set_list(raw, CURLOPT_HTTPHEADER, headers))
    }

    /// libcurl goes to these addresses and asks nobody: what was vetted is what is reached.
    private func setPin(_ text: String?) throws(TransferFailure) {
        crossdock_curl_set_list(raw, CURLOPT_RESOLVE, nil)
        curl_slist_free_all(pin)
        pin = nil
        guard let text else { return }
        guard let list = curl_slist_append(nil, text) else {
            throw TransferFailure(.own, "no memory for an address", code: Int(CURLE_OUT_OF_MEMORY.rawValue))
        }
        pin = list
        note(crossdock_curl_set_list(raw, CURLOPT_RESOLVE, list))
    }

    private func append(_ line: String) throws(TransferFailure) {
        guard let longer = curl_slist_append(headers, line) else {
            throw TransferFailure(.own, "no memory for a header", code: Int(CURLE_OUT_OF_MEMORY.rawValue))
        }
        headers = longer
    }

    private func set(_ option: CURLoption, _ value: Int) { note(crossdock_curl_set_long(raw, option, value)) }
    private func set(_ option: CURLoption, _ value: String?) { note(crossdock_curl_set_text(raw, option, value)) }
    private func note(_ code: CURLcode) { if refusedOption == CURLE_OK { refusedOption = code } }
}
