package import FEEL

/// How the records of a file without envelopes are written and how they nest: fixed width by position, or several kinds of
/// row in one separated file. A file of the bundle says it; `FlatLayout+Configuration.swift` has its keys.
package struct FlatLayout: Sendable {
    package enum Form: String, Sendable, CaseIterable {
        /// Fields stand at fixed positions of a record.
        case fixed
        /// Fields are cells between separators.
        case separated
    }

    /// What positions of fixed records count.
    package enum Unit: String, Sendable, CaseIterable { case bytes, characters }

    /// What a field of a trailer says of the records before it.
    package enum Control: Sendable, Hashable {
        /// How many records of these kinds there were.
        case count([Int])
        /// The sum of a field of a kind.
        case sum(kind: Int, field: Int)
    }

    package struct Field: Sendable, Hashable {
        package let name: String
        /// Fixed: offsets from the start of the record, in units. Separated: the cell's number from 0, and one more.
        package let place: Range<Int>
    }

    package struct Check: Sendable, Hashable {
        package let field: Int
        package let control: Control
        /// How the control is written in the layout, for findings.
        package let text: String
    }

    /// One kind of record. Kinds are numbered in the order of the file, so that what a kind holds comes after it.
    package struct Kind: Sendable {
        package let name: String
        /// What stands at the tag's place, any of these; empty where `pattern` or nothing tells.
        package let tags: [[UInt8]]
        package let pattern: TextPattern?
        package let isRequired: Bool
        package let max: Int
        package let fields: [Field]
        package internal(set) var checks: [Check] = []
        /// Number of the kind that holds it, or -1.
        package let parent: Int
        package internal(set) var children: [Int] = []
    }

    package let name: String
    package let form: Form
    package let unit: Unit
    package let encoding: DeclaredEncoding?
    /// Fixed: units of a record, with line ends between records or without; nil where a record is a line.
    package let recordLength: Int?
    /// Where the tag stands, as ``Field/place``; nil where patterns alone tell.
    package let tag: Range<Int>?
    package let separator: [UInt8]
    package let quote: UInt8?
    /// How a line begins that is no record.
    package let comment: [UInt8]?
    /// The mark of decimals in sums.
    package let mark: UInt8
    package let kinds: [Kind]
    /// Kinds that no other holds.
    package let roots: [Int]

    /// Whether the first bytes of a file are records of this layout: of a fixed length, with a tag that the layout knows at the start of
    /// the first two.
    package func recognises(head: [UInt8]) -> Bool {
        guard form == .fixed, let length = recordLength, let tag, head.count >= length else { return false }
        func known(_ start: Int, _ numbers: some Sequence<Int>) -> Bool {
            let place = head[min(start + tag.lowerBound, head.count)..<min(start + tag.upperBound, head.count)]
            return numbers.contains { kinds[$0].tags.contains { place.elementsEqual($0) } }
        }
        guard known(0, roots), !head[..<length].contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0 }) else { return false }
        var next = length
        while next < head.count, head[next] == 0x0A || head[next] == 0x0D { next += 1 }
        return next + tag.upperBound > head.count ? next == head.count : known(next, kinds.indices)
    }

    /// Kinds that a level may have: those of the file, or those that a kind holds.
    func children(of kind: Int) -> [Int] { kind < 0 ? roots : kinds[kind].children }
}
