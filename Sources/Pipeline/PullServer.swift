package import Transfers

/// What a pull asks of a server of files: one that is reached over a network, or one that a test simulates.
///
/// What fails says nothing of what the server did: whoever must know looks.
package protocol PullServer {
    /// The regular files of a folder.
    func list(_ folder: String) throws(TransferFailure) -> RemoteListing
    /// Size and time of a file; nil where nothing has that name.
    ///
    /// - Parameter known: what a listing has just told of it, which counts where it may not be looked at by itself.
    func status(of path: String, known: RemoteListing.File?) throws(TransferFailure) -> RemoteClient.Status?
    /// Gives the bytes of a file to `sink`, block by block, and how many there were; false from the sink ends it as ``TransferFailure/Kind/oversizedResponse(status:)``.
    func download(_ path: String, _ sink: (UnsafeRawBufferPointer) -> Bool) throws(TransferFailure) -> Int
    /// Servers of FTP mostly replace what has the new name.
    func rename(_ path: String, to other: String) throws(TransferFailure)
    func remove(_ path: String) throws(TransferFailure)
}

extension RemoteClient: PullServer {}
