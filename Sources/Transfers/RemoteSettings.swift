/// A server of files: where it is, how it shows that it is the right one, and how we show who we are.
package struct RemoteSettings: Hashable, Sendable {
    package enum Login: Hashable, Sendable {
        case password(String)
        /// A private key in a file, in the form of OpenSSH or PEM.
        case key(file: String, passphrase: String?)
    }

    /// What one operation may take.
    package struct Limits: Hashable, Sendable {
        /// The longest wait for a connection with its handshake and login, for an answer, and between two bytes of a file.
        package var answerMilliseconds: Int
        /// The longest transfer of one file or listing in all.
        package var transferMilliseconds: Int
        /// The most bytes of a listing, and the most entries.
        package var listingBytesMax: Int
        package var listingEntriesMax: Int

        package init(
            answerMilliseconds: Int = 30_000, transferMilliseconds: Int = 3_600_000, listingBytesMax: Int = 64 << 20, listingEntriesMax: Int = 20_000
        ) {
            self.answerMilliseconds = answerMilliseconds
            self.transferMilliseconds = transferMilliseconds
            self.listingBytesMax = listingBytesMax
            self.listingEntriesMax = listingEntriesMax
        }
    }

    package var address: RemoteAddress
    package var user: String
    package var login: Login
    /// The keys of an SFTP server, one of which it has to show. Without any it is never reached.
    package var hostKeys: Set<HostKey>
    /// Whom to trust of FTPS. The certificate and its name are always checked.
    package var trust: Request.Trust
    package var addresses: AddressPolicy
    package var limits: Limits

    package init(
        address: RemoteAddress, user: String, login: Login, hostKeys: Set<HostKey> = [], trust: Request.Trust = Request.Trust(),
        addresses: AddressPolicy = .publicOnly, limits: Limits = Limits()
    ) {
        self.address = address
        self.user = user
        self.login = login
        self.hostKeys = hostKeys
        self.trust = trust
        self.addresses = addresses
        self.limits = limits
    }
}
