/// One HTTP exchange to perform.
package struct Request: Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    package var method: Method
    /// `https://...`; `http://...` only with ``allowsPlainHTTP``.
    package var url: String
    package var headers: [Header]
    package var body: [UInt8]
    package var limits: Limits
    package var trust: Trust
    package var allowsPlainHTTP: Bool
    package var addresses: AddressPolicy
    /// What the exchange goes through; nil: straight to the host. It then reaches the host, and ``addresses`` say nothing.
    package var proxy: Proxy?
    /// Names of response headers to give back, in lower case.
    package var wantedHeaders: [String]
    /// Exchanges of one group take turns with those of others, and at most so many of it run at a time.
    package var group: Group
    /// Asked right before the exchange starts, after all waiting; where it says no, the exchange fails as ``TransferFailure/Kind/own``. nil: it may.
    package var mayStart: (@Sendable () -> Bool)?

    package init(
        _ method: Method, _ url: String, headers: [Header] = [], body: [UInt8] = [], limits: Limits = Limits(),
        trust: Trust = Trust(), allowsPlainHTTP: Bool = false, addresses: AddressPolicy = .publicOnly, proxy: Proxy? = nil,
        wantedHeaders: [String] = ["retry-after", "location", "content-type"], group: Group = Group()
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.limits = limits
        self.trust = trust
        self.allowsPlainHTTP = allowsPlainHTTP
        self.addresses = addresses
        self.proxy = proxy
        self.wantedHeaders = wantedHeaders
        self.group = group
    }

    /// A forward proxy of HTTP: asked for a tunnel (CONNECT, RFC 9110, 9.3.6), so that it sees neither headers nor bodies of https.
    package struct Proxy: Hashable, Sendable {
        /// `http://host:port`, or `https://host:port`.
        package var url: String
        package var user: String?
        package var password: String?
        /// Where the proxy may be.
        package var addresses: AddressPolicy

        package init(_ url: String, user: String? = nil, password: String? = nil, addresses: AddressPolicy) {
            self.url = url
            self.user = user
            self.password = password
            self.addresses = addresses
        }
    }

    package struct Group: Hashable, Sendable {
        package var name: String
        package var runningMax: Int

        package init(name: String = "", runningMax: Int = .max) {
            self.name = name
            self.runningMax = runningMax
        }
    }

    package struct Header: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }

        /// True if the name is a token and the value holds no control character but the tab (RFC 9110, 5.1 and 5.5), so
        /// that neither can begin another header or another request.
        package var isWellFormed: Bool {
            !name.isEmpty && name.utf8.allSatisfy(Header.isTokenByte)
                && value.utf8.allSatisfy { $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7f) }
        }

        private static func isTokenByte(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
        }
    }

    /// What one exchange may take. Time spent in the engine's queue does not count.
    package struct Limits: Hashable, Sendable {
        package var connectMilliseconds: Int
        package var totalMilliseconds: Int
        /// The exchange is given up after `lowSpeedSeconds` in a row below `lowSpeedBytesPerSecond`. libcurl counts the wait for an answer too.
        package var lowSpeedBytesPerSecond: Int
        package var lowSpeedSeconds: Int
        /// The most bytes of response body.
        package var responseBytesMax: Int

        /// - Parameter lowSpeedSeconds: nil: so many that an answer can be awaited for the whole time.
        package init(
            connectMilliseconds: Int = 5_000, totalMilliseconds: Int = 20_000, lowSpeedBytesPerSecond: Int = 10,
            lowSpeedSeconds: Int? = nil, responseBytesMax: Int = 256 * 1_024
        ) {
            self.connectMilliseconds = connectMilliseconds
            self.totalMilliseconds = totalMilliseconds
            self.lowSpeedBytesPerSecond = lowSpeedBytesPerSecond
            self.lowSpeedSeconds = lowSpeedSeconds ?? Limits.lowSpeedSeconds(within: totalMilliseconds)
            self.responseBytesMax = responseBytesMax
        }

        /// Seconds at low speed that end nothing which the whole time still allows: a receiver that works before it answers is as slow as one that is stuck.
        /// What crawls or never ends is ended by the whole time and by the most bytes.
        package static func lowSpeedSeconds(within totalMilliseconds: Int, least: Int = 10) -> Int {
            // Without a sum that could overflow: the limits are looked at only when the request is made.
            max(least, totalMilliseconds / 1_000 + (totalMilliseconds % 1_000 > 0 ? 1 : 0))
        }
    }

    /// Whom to trust, and how to show who we are. Peers are always verified.
    package struct Trust: Hashable, Sendable {
        /// PEM file of certificate authorities, in place of the system's.
        package var authoritiesFile: String?
        /// PEM files of a client certificate and its key.
        package var certificateFile: String?
        package var keyFile: String?

        package init(authoritiesFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil) {
            self.authoritiesFile = authoritiesFile
            self.certificateFile = certificateFile
            self.keyFile = keyFile
        }
    }
}
