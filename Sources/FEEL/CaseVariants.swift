/// Characters that differ in case alone: those whose lower-case or whose upper-case forms are the same
/// (XPath and XQuery Functions 3.1, section 5.6.2).
enum CaseVariants {
    /// The other variants of a character; mostly one or none.
    static func others(of code: UInt32) -> [UInt32] { table[code] ?? [] }

    static func areVariants(_ a: UInt32, _ b: UInt32) -> Bool { a == b || others(of: a).contains(b) }

    /// Made once, at the first pattern that ignores case. No cased character stands from 0x1EA00 on (Unicode 15).
    private static let table: [UInt32: [UInt32]] = {
        var sameLower: [String: [UInt32]] = [:], sameUpper: [String: [UInt32]] = [:]
        for code in UInt32(0x41)..<0x1EA00 where !(0x2E80...0xA63F).contains(code) && !(0xAC00...0xFAFF).contains(code) {
            guard let scalar = Unicode.Scalar(code) else { continue }
            let properties = scalar.properties
            guard properties.isCased || properties.changesWhenLowercased || properties.changesWhenUppercased else { continue }
            sameLower[properties.lowercaseMapping, default: []].append(code)
            sameUpper[properties.uppercaseMapping, default: []].append(code)
        }
        var table: [UInt32: [UInt32]] = [:]
        for group in Array(sameLower.values) + Array(sameUpper.values) where group.count > 1 {
            for code in group {
                table[code] = Array(Set((table[code] ?? []) + group.filter { $0 != code })).sorted()
            }
        }
        return table
    }()
}
