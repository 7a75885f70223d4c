import Formats

/// What a partner wants between the values of interchanges that are written to it, where that is not the standard's own.
package struct EDISeparators: Hashable, Sendable {
    package enum LineBreak: String, Sendable, CaseIterable {
        /// After each terminator.
        case none, lf, crlf

        var bytes: [UInt8] {
            switch self {
            case .none: []
            case .lf: [ASCII.lineFeed]
            case .crlf: [ASCII.carriageReturn, ASCII.lineFeed]
            }
        }
    }

    package var element: UInt8?
    package var component: UInt8?
    /// X12 from 00402 on (ISA11), EDIFACT from syntax 4 on.
    package var repetition: UInt8?
    /// EDIFACT alone.
    package var release: UInt8?
    package var terminator: UInt8?
    /// EDIFACT alone: what UNA announces.
    package var decimalMark: UInt8?
    package var lineBreak = LineBreak.none
    /// EDIFACT: whether UNA is written; nil: where a reader needs it.
    package var hasUNA: Bool?

    package init() {}

    /// The standard's punctuation with them.
    package func punctuation(_ standard: EDIStandard) -> EDIPunctuation {
        var punctuation = EDIPunctuation.standard(standard)
        if let element { punctuation.element = element }
        if let component { punctuation.component = component }
        if let repetition { punctuation.repetition = repetition }
        if let terminator { punctuation.terminator = [terminator] }
        if standard == .edifact {
            if let release { punctuation.release = release }
            if let decimalMark { punctuation.decimalMark = decimalMark }
            punctuation.hasUNA = hasUNA == true
        }
        // A line break that ends the EDI segment is one already.
        punctuation.lineBreak = punctuation.terminator == [ASCII.lineFeed] || punctuation.terminator == [ASCII.carriageReturn] ? [] : lineBreak.bytes
        return punctuation
    }

    /// Why nothing can be written with them in a standard; empty where it can.
    package func defects(_ standard: EDIStandard) -> [String] {
        let punctuation = punctuation(standard)
        var used: [(name: String, byte: UInt8)] = [("element", punctuation.element), ("terminator", punctuation.terminator[0])]
        if let component = punctuation.component { used.append(("component", component)) }
        // The one of EDIFACT is used from syntax 4 on, where it is `*` unless another is chosen.
        if let repetition = punctuation.repetition { used.append(("repetition", repetition)) }
        if let release = punctuation.release { used.append(("release", release)) }
        if standard == .edifact { used.append(("decimalMark", punctuation.decimalMark)) }
        var defects: [String] = []
        for (place, (name, byte)) in used.enumerated() {
            if let other = used[..<place].first(where: { $0.byte == byte }) {
                defects.append("\(other.name) and \(name) are both \(Self.shown(byte)) in \(standard.rawValue)")
            }
            let isBreak = ASCII.isNewline(byte)
            if byte >= 0x80 || byte == 0 || ASCII.isAlphanumeric(byte) || byte == ASCII.space || isBreak && name != "terminator" {
                defects.append("\(name) is \(Self.shown(byte)); letters, digits, blanks\(isBreak ? ", line breaks" : "") and bytes beyond ASCII separate nothing")
            }
        }
        if standard == .x12 {
            for (name, byte) in [("release", release), ("decimalMark", decimalMark)] where byte != nil { defects.append("X12 has no \(name)") }
            if hasUNA == true { defects.append("X12 has no UNA") }
        } else if hasUNA == false, isOwn(punctuation) {
            defects.append("separators other than those of the standard need a UNA")
        }
        return defects
    }

    private func isOwn(_ punctuation: EDIPunctuation) -> Bool {
        let standard = EDIPunctuation.edifact
        return punctuation.element != standard.element || punctuation.component != standard.component || punctuation.release != standard.release
            || punctuation.terminator != standard.terminator || punctuation.decimalMark != standard.decimalMark || punctuation.repetition != nil
    }

    private static func shown(_ byte: UInt8) -> String {
        byte > 0x20 && byte < 0x7F ? String(decoding: [byte], as: UTF8.self) : "0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
}

extension EDIPunctuation {
    /// The same for a version: repetitions are separated in X12 from 00402 on, and in EDIFACT from syntax 4 on.
    func fitted(to envelope: InterchangeEnvelope) -> EDIPunctuation {
        var fitted = self
        switch envelope.standard {
        case .x12: if envelope.version < "00402" { fitted.repetition = nil }
        case .edifact:
            if envelope.version < "4" {
                fitted.repetition = nil
            } else if repetition == nil, !reserved.contains(UInt8(ascii: "*")) {
                fitted.repetition = UInt8(ascii: "*")
            }
        case .tradacoms: break
        }
        return fitted
    }
}
