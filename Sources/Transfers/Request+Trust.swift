import CLibCurl

extension Request.Trust {
    /// Sets whom an easy handle trusts; `note` is given what libcurl says to each option.
    func set(on handle: UnsafeMutableRawPointer, _ note: (CURLcode) -> Void) {
        func set(_ option: CURLoption, _ text: String?) { note(crossdock_curl_set_text(handle, option, text)) }
        // NULL would leave libcurl without its default authorities: the defaults are set by name.
        set(CURLOPT_CAINFO, authoritiesFile ?? Self.defaultAuthoritiesFile)
        set(CURLOPT_CAPATH, authoritiesFile == nil ? Self.defaultAuthoritiesFolder : nil)
        set(CURLOPT_SSLCERT, certificateFile)
        set(CURLOPT_SSLKEY, keyFile)
    }

    private static let defaultAuthoritiesFile = crossdock_curl_authorities_file().map { String(cString: $0) }
    private static let defaultAuthoritiesFolder = crossdock_curl_authorities_folder().map { String(cString: $0) }
}
