import CLibCurl

/// libcurl's easy handle for one server of files: one operation after another, on one thread at a time. The connection stays open between them.
///
/// Every option is set anew for each operation, so that nothing of the one before is left.
final class RemoteHandle {
    /// What one operation is.
    struct Operation {
        /// Of a file, or of a folder with a slash at its end; nil: the root, which nothing is asked of.
        var path: String?
        /// Only size and time are asked for.
        var isLook = false
        /// In place of LIST.
        var command: String?
        /// Commands of the protocol that come before.
        var commands: [String] = []
        /// What is sent.
        var upload: [UInt8]?
        /// Takes what comes; false ends the operation.
        var sink: ((UnsafeRawBufferPointer) -> Bool)?
    }

    private let raw: UnsafeMutableRawPointer
    private let settings: RemoteSettings
    private let stop: RemoteStop
    private let errorText: UnsafeMutablePointer<CChar>
    private var pin: UnsafeMutablePointer<curl_slist>?
    private var commands: UnsafeMutablePointer<curl_slist>?
    private var refusedOption: CURLcode = CURLE_OK
    private var vetting: SocketVetting

    // What callbacks of the operation under way use.
    private var operation = Operation()
    private var sent = 0
    private var hostKeyRefusal: String?
    private var isSinkFull = false
    /// The last line with which the server refused something, of FTP.
    private var lastRefusal: String?

    init(_ settings: RemoteSettings, stop: RemoteStop) throws(TransferFailure) {
        guard TransferEngine.isLibraryStarted, let raw = curl_easy_init() else { throw TransferFailure(.own, "libcurl has no memory for a handle") }
        self.raw = raw
        self.settings = settings
        self.stop = stop
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        vetting = SocketVetting(settings.addresses)
    }

    deinit {
        // Open connections are closed here, and libcurl asks for no socket then.
        curl_easy_cleanup(raw)
        curl_slist_free_all(pin)
        curl_slist_free_all(commands)
        errorText.deallocate()
    }

    /// Whether the server lists by facts (MLSD); nil where that is not known.
    var listsFacts: Bool?

    /// Performs one operation.
    ///
    /// - Parameter pinned: `host:port:address,address`; nil where the host is an address.
    func perform(_ operation: Operation, pinned: String?) throws(TransferFailure) {
        self.operation = operation
        (sent, hostKeyRefusal, isSinkFull, lastRefusal, refusedOption) = (0, nil, false, nil, CURLE_OK)
        vetting = SocketVetting(settings.addresses)
        curl_easy_reset(raw)
        errorText[0] = 0
        setCommon()
        setLogin()
        try setLists(pinned)
        setOperation()
        guard refusedOption == CURLE_OK else {
            throw TransferFailure(.own, String(cString: curl_easy_strerror(refusedOption)), code: Int(refusedOption.rawValue))
        }
        let code = withExtendedLifetime(vetting) { curl_easy_perform(raw) }
        self.operation = Operation()
        guard code == CURLE_OK else { throw failure(code) }
    }

    // MARK: what the last operation found

    var size: Int { Int(crossdock_curl_get_offset(raw, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T)) }
    /// Seconds since 1970; nil where the server did not tell.
    var modified: Int64? {
        let time = Int64(crossdock_curl_get_offset(raw, CURLINFO_FILETIME_T))
        return time < 0 ? nil : time
    }
    /// The folder that one is in after the login.
    var entryFolder: String? { crossdock_curl_get_text(raw, CURLINFO_FTP_ENTRY_PATH).map { String(cString: $0) } }
    /// The code of the server's last answer, of FTP.
    var answerCode: Int { crossdock_curl_get_long(raw, CURLINFO_RESPONSE_CODE) }

    // MARK: options

    private func setCommon() {
        let address = settings.address, limits = settings.limits
        crossdock_curl_set_pointer(raw, CURLOPT_ERRORBUFFER, errorText)
        set(CURLOPT_URL, address.url(operation.path ?? "/"))
        set(CURLOPT_PROTOCOLS_STR, address.scheme == .sftp ? "sftp" : address.scheme == .ftps ? "ftps" : "ftp")
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_NETRC, 0)
        // Empty, not NULL: the environment's proxies are not asked.
        set(CURLOPT_PROXY, "")
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_TCP_KEEPIDLE, 30)
        set(CURLOPT_TCP_KEEPINTVL, 10)
        set(CURLOPT_MAXLIFETIME_CONN, RemoteHandle.connectionAgeMaxSeconds)
        set(CURLOPT_MAXCONNECTS, 1)
        set(CURLOPT_CONNECTTIMEOUT_MS, limits.answerMilliseconds)
        let seconds = max(1, (limits.answerMilliseconds + 999) / 1_000)
        set(CURLOPT_SERVER_RESPONSE_TIMEOUT, seconds)
        let isTransfer = operation.upload != nil || operation.sink != nil
        // Connection and answer, each.
        set(CURLOPT_TIMEOUT_MS, isTransfer ? limits.transferMilliseconds : 2 * limits.answerMilliseconds)
        set(CURLOPT_LOW_SPEED_LIMIT, 1)
        set(CURLOPT_LOW_SPEED_TIME, seconds)
        note(crossdock_curl_set_open_socket(raw, vettedOpenSocket))
        note(crossdock_curl_set_before_request(raw, vettedBeforeRequest))
        let vetting = Unmanaged.passUnretained(vetting).toOpaque(), context = Unmanaged.passUnretained(self).toOpaque()
        for option in [CURLOPT_OPENSOCKETDATA, CURLOPT_PREREQDATA] { note(crossdock_curl_set_pointer(raw, option, vetting)) }
        note(crossdock_curl_set_write(raw, remoteWrite))
        note(crossdock_curl_set_read(raw, remoteRead))
        note(crossdock_curl_set_header(raw, remoteAnswer))
        note(crossdock_curl_set_progress(raw, remoteProgress))
        for option in [CURLOPT_WRITEDATA, CURLOPT_READDATA, CURLOPT_HEADERDATA, CURLOPT_XFERINFODATA] {
            note(crossdock_curl_set_pointer(raw, option, context))
        }
        set(CURLOPT_NOPROGRESS, 0)
    }

    private func setLogin() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        set(CURLOPT_USERNAME, settings.user)
        switch settings.login {
        case .password(let password):
            set(CURLOPT_PASSWORD, password)
            set(CURLOPT_SSH_AUTH_TYPES, crossdock_CURLSSH_AUTH_PASSWORD)
        case .key(let file, let passphrase):
            set(CURLOPT_SSH_PRIVATE_KEYFILE, file)
            set(CURLOPT_KEYPASSWD, passphrase ?? "")
            set(CURLOPT_SSH_AUTH_TYPES, crossdock_CURLSSH_AUTH_KEY)
        }
        guard settings.address.scheme != .sftp else {
            note(crossdock_curl_set_host_key(raw, remoteHostKey))
            note(crossdock_curl_set_pointer(raw, CURLOPT_SSH_HOSTKEYDATA, context))
            return
        }
        // Both connections, or none.
        set(CURLOPT_USE_SSL, crossdock_CURLUSESSL_ALL)
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        settings.trust.set(on: raw, note)
        // With 1.3, tickets come on the connection of an upload that nobody reads; closed with them unread, it is reset, and what the server had not read
        // of the file is lost (seen with 7.88).
        set(CURLOPT_SSLVERSION, crossdock_CURL_SSLVERSION_TLSv1_2)
        set(CURLOPT_FTP_FILEMETHOD, crossdock_CURLFTPMETHOD_SINGLECWD)
        // Data come from the machine that we talk to, whatever address it names.
        set(CURLOPT_FTP_SKIP_PASV_IP, 1)
    }

    private func setOperation() {
        set(CURLOPT_FILETIME, 1)
        if let upload = operation.upload {
            set(CURLOPT_UPLOAD, 1)
            note(crossdock_curl_set_offset(raw, CURLOPT_INFILESIZE_LARGE, curl_off_t(upload.count)))
        } else if operation.sink == nil {
            set(CURLOPT_NOBODY, 1)
        }
        if let command = operation.command { set(CURLOPT_CUSTOMREQUEST, command) }
    }

    private func setLists(_ pinned: String?) throws(TransferFailure) {
        curl_slist_free_all(pin)
        curl_slist_free_all(commands)
        (pin, commands) = (nil, nil)
        if let pinned { pin = try RemoteHandle.append(pinned, to: nil) }
        for command in operation.commands { commands = try RemoteHandle.append(command, to: commands) }
        note(crossdock_curl_set_list(raw, CURLOPT_RESOLVE, pin))
        note(crossdock_curl_set_list(raw, CURLOPT_QUOTE, commands))
    }

    private static func append(
        _ text: String, to list: UnsafeMutablePointer<curl_slist>?
    ) throws(TransferFailure) -> UnsafeMutablePointer<curl_slist> {
        guard let longer = curl_slist_append(list, text) else {
            throw TransferFailure(.own, "no memory for a command", code: Int(CURLE_OUT_OF_MEMORY.rawValue))
        }
        return longer
    }

    private func set(_ option: CURLoption, _ value: Int) { note(crossdock_curl_set_long(raw, option, value)) }
    private func set(_ option: CURLoption, _ value: String) { note(crossdock_curl_set_text(raw, option, value)) }
    private func note(_ code: CURLcode) { if refusedOption == CURLE_OK { refusedOption = code } }

    private static let connectionAgeMaxSeconds = 300

    // MARK: failures

    private func failure(_ code: CURLcode) -> TransferFailure {
        let number = Int(code.rawValue)
        if stop.isAsked { return TransferFailure(.cancelled, "stopped", code: number) }
        if let hostKeyRefusal {
            return TransferFailure(
                .hostKey, hostKeyRefusal, code: number,
                hint: "find out by another way whether the server has a new key: `ssh-keygen -lf` on its public key prints what hostKey wants; if not, somebody is in between")
        }
        if isSinkFull { return TransferFailure(.oversizedResponse(status: 0), "more came than was asked for", code: number) }
        if let refused = vetting.failure(code) { return refused }
        let hasAddress = crossdock_curl_get_long(raw, CURLINFO_PRIMARY_PORT) != 0
        var fact = errorText[0] == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: errorText)
        // Of a server that is reached and agrees on no algorithms libcurl says that it could not begin at all.
        if code == CURLE_FAILED_INIT, hasAddress, settings.address.scheme == .sftp {
            return TransferFailure(
                .interrupted, fact, code: number,
                hint: "\(Self.sshLibrary) and the server have no algorithm in common: a server that has keys of RSA alone needs one of Ed25519 or ECDSA besides")
        }
        if let lastRefusal, code != CURLE_PEER_FAILED_VERIFICATION { fact += ": \(lastRefusal)" }
        return TransferFailure(TransferFailure.kind(of: code, hasAddress: hasAddress), fact, code: number, hint: hint(for: code))
    }

    private func hint(for code: CURLcode) -> String? {
        switch code {
        case CURLE_PEER_FAILED_VERIFICATION: "check the certificate's name, dates and authority; a private authority is named in tls of the remote"
        case CURLE_LOGIN_DENIED:
            if case .key = settings.login {
                "check the user and its key with the partner; a key of RSA is not taken by most servers from \(Self.sshLibrary) before 1.11, one of Ed25519 or ECDSA is"
            } else {
                "check the user and its password with the partner"
            }
        case CURLE_COULDNT_CONNECT: "check host and port, and the firewalls between"
        case CURLE_REMOTE_ACCESS_DENIED: "check that the folder is there and what the user may do in it"
        case CURLE_REMOTE_DISK_FULL: "the server has no room left"
        case CURLE_USE_SSL_FAILED: "the server offers no TLS: it is not reached without"
        default: nil
        }
    }

    /// As it names itself, such as `libssh2/1.10.0`.
    private static let sshLibrary = crossdock_curl_ssh_library().map { String(cString: $0) } ?? "this libcurl"

    // MARK: from the callbacks

    fileprivate func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        // The lines of a look (Content-Length and others, which libcurl makes up) are nobody's.
        guard let sink = operation.sink else { return true }
        guard sink(bytes) else {
            isSinkFull = true
            return false
        }
        return true
    }

    fileprivate func give(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let upload = operation.upload else { return 0 }
        let count = min(buffer.count, upload.count - sent)
        upload.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[sent..<(sent + count)])) }
        sent += count
        return count
    }

    fileprivate func answered(_ line: UnsafeRawBufferPointer) {
        guard line.count > 4, line[0] == UInt8(ascii: "4") || line[0] == UInt8(ascii: "5"), line[1...2].allSatisfy({ (0x30...0x39).contains($0) }) else { return }
        lastRefusal = String(String(decoding: line.prefix(200), as: UTF8.self).unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F })
    }

    fileprivate var isStopped: Bool { stop.isAsked }

    fileprivate func admits(_ key: UnsafeRawBufferPointer) -> Bool {
        let shown = HostKey(ofKey: key)
        if settings.hostKeys.contains(shown) { return true }
        let name = key.count > 4 ? String(decoding: key[4...].prefix { $0 > 0x20 && $0 < 0x7F }, as: UTF8.self) : "unknown"
        hostKeyRefusal = "\(settings.address.authority) shows the key \(shown) (\(name)), which is none of \(settings.hostKeys.count) in hostKey"
        return false
    }
}

// MARK: callbacks

private func handle(_ pointer: UnsafeMutableRawPointer?) -> RemoteHandle? {
    pointer.map { Unmanaged<RemoteHandle>.fromOpaque($0).takeUnretainedValue() }
}

/// CURLOPT_WRITEFUNCTION: taking fewer bytes than given ends the operation.
private func remoteWrite(_ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?) -> Int {
    guard let handle = handle(context) else { return 0 }
    return handle.take(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}

private func remoteRead(_ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?) -> Int {
    guard let handle = handle(context) else { return Int(crossdock_CURL_READFUNC_ABORT) }
    return handle.give(UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
}

/// CURLOPT_HEADERFUNCTION: the lines that a server of FTP answers with.
private func remoteAnswer(_ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?) -> Int {
    handle(context)?.answered(UnsafeRawBufferPointer(start: bytes, count: size * count))
    return size * count
}

/// CURLOPT_XFERINFOFUNCTION, which is called at least every second: anything but 0 ends the operation.
private func remoteProgress(_ context: UnsafeMutableRawPointer?, _ a: curl_off_t, _ b: curl_off_t, _ c: curl_off_t, _ d: curl_off_t) -> Int32 {
    handle(context)?.isStopped ?? true ? 1 : 0
}

/// CURLOPT_SSH_HOSTKEYFUNCTION: nothing of us, the user's name least of all, goes to a server that shows another key.
private func remoteHostKey(_ context: UnsafeMutableRawPointer?, _ kind: Int32, _ key: UnsafePointer<CChar>?, _ length: Int) -> Int32 {
    guard let handle = handle(context), handle.admits(UnsafeRawBufferPointer(start: key, count: length)) else { return crossdock_CURLKHMATCH_MISMATCH }
    return crossdock_CURLKHMATCH_OK
}
