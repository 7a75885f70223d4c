/// Which files differ between two manifests.
package struct ManifestDiff: Hashable, Sendable {
    package struct Change: Hashable, Sendable {
        package let path: String
        package let from: ContentDigest
        package let to: ContentDigest
    }

    /// In the order of the bytes of their paths, as are the other two.
    package private(set) var added: [Manifest.Entry] = []
    package private(set) var removed: [Manifest.Entry] = []
    package private(set) var changed: [Change] = []

    package var isEmpty: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty }

    package init(from old: Manifest, to new: Manifest) {
        var before = old.entries[...], after = new.entries[...]
        while let left = before.first, let right = after.first {
            if left.path.utf8.elementsEqual(right.path.utf8) {
                if left.digest != right.digest {
                    changed.append(Change(path: left.path, from: left.digest, to: right.digest))
                }
                before.removeFirst()
                after.removeFirst()
            } else if left.path.utf8.lexicographicallyPrecedes(right.path.utf8) {
                removed.append(before.removeFirst())
            } else {
                added.append(after.removeFirst())
            }
        }
        removed += before
        added += after
    }
}
