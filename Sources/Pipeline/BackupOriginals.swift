import Store

/// The originals that the ledger of a store names, in its order: it may have millions, and so many are held at once. What was shredded is not named any more.
struct BackupOriginals {
    struct Original {
        /// Number of the file in the ledger.
        let file: Int64
        /// Of its bytes as they were taken.
        let digest: String
        /// Where it belongs in a backup, relative to the folder of that.
        let place: String
    }

    let store: Store
    let copy: SiteCopy
    /// As it is configured.
    let spool: String

    /// Originals that are held at once: with all that reads them less than 100 MB.
    static let batchMax = 1 << 17

    func forEachBatch(_ body: ([Original]) throws -> Void) throws {
        var last = Int64.min
        while true {
            let files = try store.originals(after: last, limit: Self.batchMax)
            guard let end = files.last else { return }
            try body(files.map { file in
                Original(file: file.id, digest: file.digest, place: copy.place(file.archivedAs ?? "\(spool)/\(file.digest.prefix(2))/\(file.digest)"))
            })
            last = end.id
        }
    }
}
