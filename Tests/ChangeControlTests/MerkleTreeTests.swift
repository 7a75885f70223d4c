import ChangeControl
import Testing

@Suite struct MerkleTreeTests {
    /// The leaves of the certificate-transparency tests for RFC 6962, and the roots of the trees over the first 1 to 8 of them.
    private static let leaves: [[UInt8]] = [
        [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43], [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        Array(0x60...0x6F),
    ]
    private static let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]

    /// MTH of RFC 6962 section 2.1, as it is written there.
    private func naive(_ leaves: ArraySlice<ContentDigest>) -> ContentDigest {
        if leaves.isEmpty { return ContentDigest(of: []) }
        if leaves.count == 1 { return leaves[leaves.startIndex] }
        var split = 1
        while split * 2 < leaves.count { split *= 2 }
        let middle = leaves.startIndex + split
        return ContentDigest(of: [1] + naive(leaves[..<middle]).bytes + naive(leaves[middle...]).bytes)
    }

    private static func numbered(_ count: Int) -> [ContentDigest] { (0..<count).map { MerkleTree.leaf(of: Array("leaf \($0)".utf8)) } }

    private func root(_ leaves: some Sequence<ContentDigest>) -> ContentDigest {
        var range = MerkleRange()
        for leaf in leaves { range.append(leaf) }
        return range.root
    }

    @Test func `the roots of the known eight leaves are the known roots`() {
        #expect(MerkleRange().root.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        for count in 1...8 { #expect(root(Self.leaves.prefix(count).map(MerkleTree.leaf(of:))).hex == Self.roots[count - 1]) }
    }

    @Test func `the known proofs of the certificate-transparency tests are made`() {
        let leaves = Self.leaves.map(MerkleTree.leaf(of:))
        // Inclusion of leaf 5 among 8 and consistency of 6 with 8, from the same tests.
        #expect(MerkleProof.inclusion(of: 5, in: leaves).map(\.hex) == [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b", "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ])
        #expect(MerkleProof.consistency(from: 6, in: leaves).map(\.hex) == [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a", "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ])
    }

    @Test func `a range gives the root of the recursive definition at each size, and comes back from its text`() throws {
        let leaves = Self.numbered(130)
        var range = MerkleRange()
        for count in 0...130 {
            #expect(range.root == naive(leaves.prefix(count)))
            range = try #require(MerkleRange(range.text))
            if count < 130 { range.append(leaves[count]) }
        }
        for text in ["", "-1", "1", "0 ", "2 " + leaves[0].hex + " " + leaves[1].hex, "01 " + leaves[0].hex, "1 " + leaves[0].hex.uppercased()] {
            #expect(MerkleRange(text) == nil)
        }
    }

    @Test func `each leaf of each small tree is shown to be in it, and nothing else is`() {
        for count in 1...24 {
            let leaves = Self.numbered(count), root = root(leaves)
            for index in 0..<count {
                let path = MerkleProof.inclusion(of: index, in: leaves)
                #expect(MerkleProof.includes(leaves[index], at: index, count: count, root: root, path: path))
                for other in 0..<(count + 2) where other != index {
                    #expect(!MerkleProof.includes(leaves[index], at: other, count: count, root: root, path: path))
                }
                #expect(!MerkleProof.includes(MerkleTree.leaf(of: [7]), at: index, count: count, root: root, path: path))
                #expect(!MerkleProof.includes(leaves[index], at: index, count: count, root: root, path: path + [root]))
                for place in path.indices {
                    var wrong = path
                    wrong[place] = .zero
                    #expect(!MerkleProof.includes(leaves[index], at: index, count: count, root: root, path: wrong))
                    wrong = path
                    wrong.remove(at: place)
                    #expect(!MerkleProof.includes(leaves[index], at: index, count: count, root: root, path: wrong))
                }
            }
        }
    }

    @Test func `each beginning of each small tree is shown to be one, and another tree is not`() {
        for second in 1...24 {
            let leaves = Self.numbered(second), whole = root(leaves)
            for first in 1...second {
                let path = MerkleProof.consistency(from: first, in: leaves), part = root(leaves.prefix(first))
                #expect(MerkleProof.isBeginning(first, part, of: second, whole, path: path))
                #expect(!MerkleProof.isBeginning(first, .zero, of: second, whole, path: path))
                #expect(!MerkleProof.isBeginning(first, part, of: second, .zero, path: path))
                #expect(!MerkleProof.isBeginning(first, part, of: second, whole, path: path + [whole]))
                if first < second { #expect(!MerkleProof.isBeginning(second, whole, of: first, part, path: path)) }
                for place in path.indices {
                    var wrong = path
                    wrong[place] = .zero
                    #expect(!MerkleProof.isBeginning(first, part, of: second, whole, path: wrong))
                }
            }
        }
        #expect(MerkleProof.isBeginning(0, MerkleTree.emptyRoot, of: 5, .zero, path: []))
        #expect(!MerkleProof.isBeginning(0, .zero, of: 5, .zero, path: []))
    }
}
