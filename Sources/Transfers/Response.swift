/// What came back. A status of 400 or 500 is an answer, not a failure of the transfer.
package struct Response: Sendable {
    package var status: Int
    /// The wanted headers that were there; names in lower case.
    package var headers: [Request.Header]
    package var body: [UInt8]
    package var timings: Timings
    /// The address that answered, `192.0.2.7:443` or `[2001:db8::7]:443`.
    package var address: String
    /// True if an open connection was used again.
    package var isReusedConnection: Bool

    /// The value of a wanted header; `name` in lower case.
    package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    /// Microseconds from the start of the exchange until...
    package struct Timings: Hashable, Sendable {
        /// ...the name was resolved.
        package var resolved: Int
        /// ...the TCP connection stood.
        package var connected: Int
        /// ...the TLS session stood; 0 without TLS.
        package var secured: Int
        /// ...the first byte of the answer came.
        package var firstByte: Int
        /// ...the end.
        package var total: Int
    }
}
