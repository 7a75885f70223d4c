import CLibCurl

/// Where a URL's connection goes: host and port, read as libcurl reads them.
struct Origin: Hashable, Sendable {
    let host: String
    let port: String
    /// Whether the host is an address in figures, which nobody looks up.
    let isAddress: Bool

    /// nil where there is nothing to look up: no URL of HTTP. libcurl then says what is wrong with it.
    init?(_ url: String) {
        var rawHost: UnsafeMutablePointer<CChar>?, rawPort: UnsafeMutablePointer<CChar>?, rawScheme: UnsafeMutablePointer<CChar>?
        let code = crossdock_curl_origin(url, &rawScheme, &rawHost, &rawPort)
        defer { for text in [rawHost, rawPort, rawScheme] { curl_free(text) } }
        guard code == CURLUE_OK, let rawHost, let rawPort, let rawScheme else { return nil }
        let scheme = String(cString: rawScheme)
        guard scheme == "https" || scheme == "http" else { return nil }
        host = String(cString: rawHost)
        port = String(cString: rawPort)
        isAddress = host.hasPrefix("[") || NetworkAddress(host) != nil
    }
}
