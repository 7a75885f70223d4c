import CLibCurl

/// Which sockets one transfer may open: libcurl asks with each address right before the socket is made, and once more before an open connection is used.
/// Used on one thread at a time.
final class SocketVetting {
    private let addresses: AddressPolicy
    private var refusal: String?
    private var hasOpenedSocket = false

    init(_ addresses: AddressPolicy) { self.addresses = addresses }

    /// Why nothing came of a transfer, where that is that no address may be reached.
    func failure(_ code: CURLcode) -> TransferFailure? {
        guard let refusal, !hasOpenedSocket || code == CURLE_ABORTED_BY_CALLBACK else { return nil }
        return TransferFailure(refusedAddress: refusal, code: Int(code.rawValue))
    }

    fileprivate func admits(_ address: NetworkAddress?) -> Bool {
        guard let address else {
            refusal = "the address is neither IPv4 nor IPv6"
            return false
        }
        guard let found = addresses.refusal(of: address) else { return true }
        refusal = found
        return false
    }

    fileprivate func openedSocket() { hasOpenedSocket = true }
}

extension AddressPolicy {
    /// The addresses of a host that may be reached, as CURLOPT_RESOLVE has them: libcurl goes to these and asks nobody.
    func pin(_ host: String, port: String, to answer: NameAnswer) throws(TransferFailure) -> String {
        switch answer {
        case .failure(let text):
            throw TransferFailure(.dns, "the name \(host) was not found: \(text)", hint: "check the host name and the name servers of this machine")
        case .addresses(let found):
            let admitted = found.filter { refusal(of: $0) == nil }
            guard !admitted.isEmpty else {
                throw TransferFailure(refusedAddress: "\(host) is refused: \(found.first.flatMap { refusal(of: $0) } ?? "it has no address")")
            }
            let list = admitted.map { $0.ipv4 == nil ? "[\($0)]" : "\($0)" }.joined(separator: ",")
            return "\(host):\(port):\(list)"
        }
    }
}

// MARK: callbacks

private func vetting(_ pointer: UnsafeMutableRawPointer?) -> SocketVetting? {
    pointer.map { Unmanaged<SocketVetting>.fromOpaque($0).takeUnretainedValue() }
}

/// CURLOPT_OPENSOCKETFUNCTION: no socket is opened for an address that the policy refuses.
func vettedOpenSocket(
    _ context: UnsafeMutableRawPointer?, _ purpose: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let vetting = vetting(context), let address, let raw = crossdock_curl_address(address),
        vetting.admits(NetworkAddress(raw, length: Int(address.pointee.addrlen)))
    else { return CURL_SOCKET_BAD }
    vetting.openedSocket()
    return crossdock_curl_socket(address)
}

/// CURLOPT_PREREQFUNCTION: a connection that another target opened is vetted again for this one.
func vettedBeforeRequest(
    _ context: UnsafeMutableRawPointer?, _ address: UnsafeMutablePointer<CChar>?, _ local: UnsafeMutablePointer<CChar>?,
    _ port: Int32, _ localPort: Int32
) -> Int32 {
    guard let vetting = vetting(context), let address else { return CURL_PREREQFUNC_ABORT }
    return vetting.admits(NetworkAddress(String(cString: address))) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}
