package import Diagnostics
import Formats

/// Writes EDI segments: values with delimiters between them, releases before what they hold of these, empty ends left out.
///
/// ISA is padded to its widths and tells the delimiters; UNA is written where UNB alone would not. The same segments
/// give the same bytes, always.
package struct EDIWriter: Sendable {
    package let standard: EDIStandard
    package let punctuation: EDIPunctuation
    package let policy: WritePolicy
    /// What was written and not taken yet.
    package private(set) var bytes: [UInt8] = []
    package private(set) var diagnostics = DiagnosticList()
    /// Where findings are, for as long as nobody says otherwise: it counts segments from ST and UNH.
    private var address = EDIAddress()
    private var encoder: CharsetEncoder

    package init(
        _ standard: EDIStandard, punctuation: EDIPunctuation? = nil, policy: WritePolicy = WritePolicy()
    ) {
        self.standard = standard
        self.punctuation = punctuation ?? .standard(standard)
        self.policy = policy
        encoder = CharsetEncoder(standard == .edifact ? .latin1 : Self.charset(policy.charset))
    }

    private static func charset(_ charset: WritePolicy.Charset) -> EDIFACTCharset {
        switch charset {
        case .ascii: .ascii
        case .utf8: .utf8
        case .windows1252: .windows1252
        }
    }

    package mutating func write(_ segment: EDISegment) {
        follow(segment)
        switch segment.tag {
        case "ISA" where standard == .x12: writeISA(segment)
        case "UNB" where standard == .edifact:
            writeUNA(segment)
            encoder = CharsetEncoder(EDIFACTCharset(syntax: segment.text(1)) ?? .latin1)
            writePlain(segment)
        case "BIN" where standard == .x12, "BDS" where standard == .x12: writeBinary(segment)
        default: writePlain(segment)
        }
        endSegment()
    }

    /// Gives what was written and forgets it, so that a large file is written in pieces.
    package mutating func take() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &bytes)
        return taken
    }

    // MARK: Segments

    private mutating func endSegment() {
        bytes += punctuation.terminator
        bytes += punctuation.lineBreak
    }

    private mutating func writePlain(_ segment: EDISegment) {
        bytes.append(contentsOf: segment.tag.utf8)
        let last = segment.elements.lastIndex { !$0.isEmpty } ?? -1
        for (index, element) in segment.elements[...last].enumerated() {
            bytes.append(index == 0 ? punctuation.tagEnd ?? punctuation.element : punctuation.element)
            address.element = index + 1
            write(element)
        }
        address.element = nil
    }

    private mutating func write(_ element: EDIElement) {
        let last = element.repetitions.lastIndex { !$0.allSatisfy(\.isEmpty) } ?? -1
        for (number, components) in element.repetitions[...last].enumerated() {
            address.repetition = last > 0 ? number + 1 : nil
            if number > 0 { separate(punctuation.repetition, "repeated") }
            let final = components.lastIndex { !$0.isEmpty } ?? -1
            for (place, component) in components[...final].enumerated() {
                address.component = final > 0 ? place + 1 : nil
                if place > 0 { separate(punctuation.component, "composite") }
                write(component)
            }
        }
        address.component = nil
        address.repetition = nil
    }

    private mutating func separate(_ byte: UInt8?, _ what: String) {
        if let byte { return bytes.append(byte) }
        bytes.append(ASCII.space)
        report(.ediValueSeparator, .refuse, "The element is \(what), and the interchange has no separator for that")
    }

    private mutating func write(_ text: String) {
        let start = bytes.count
        for scalar in text.unicodeScalars {
            let first = bytes.count
            if !encoder.append(scalar, to: &bytes) {
                replace(policy.characters, .ediValueCharset, "U+\(hexadecimal(scalar)) is not in the character set \(encoder.charset.name)")
            }
            if bytes.count == first + 1, punctuation.reserved.contains(bytes[first]) { escape(first) }
        }
        if punctuation.terminator.count > 1 { refuseTerminator(from: start) }
    }

    private func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }

    /// The byte at an index of what was written is a delimiter.
    private mutating func escape(_ index: Int) {
        if let release = punctuation.release { return bytes.insert(release, at: index) }
        let delimiter = String(decoding: [bytes.removeLast()], as: UTF8.self)
        replace(policy.delimiters, .ediValueDelimiter, "The value holds \(delimiter), which is a delimiter of the interchange")
    }

    /// A terminator of several bytes may be made of a character of the text.
    private mutating func refuseTerminator(from start: Int) {
        let terminator = punctuation.terminator
        var index = start
        while index + terminator.count <= bytes.count {
            if bytes[index..<(index + terminator.count)].elementsEqual(terminator) {
                let rest = Array(bytes[(index + terminator.count)...])
                bytes.removeSubrange(index...)
                replace(policy.delimiters, .ediValueDelimiter, "The value holds the terminator of the interchange")
                bytes += rest
            }
            index += 1
        }
    }

    private mutating func replace(_ remedy: WritePolicy.Remedy, _ code: DiagnosticCode, _ fact: String) {
        switch remedy {
        case .refuse: bytes.append(standard == .x12 ? ASCII.space : UInt8(ascii: "."))
        case .replace(let byte): bytes.append(byte)
        }
        report(code, remedy, fact)
    }

    private mutating func report(_ code: DiagnosticCode, _ remedy: WritePolicy.Remedy, _ fact: String) {
        let hint = remedy == .refuse ? "another value, other delimiters or another character set; nothing of this is to be sent"
            : "another character was written in its place"
        diagnostics.add(Diagnostic(
            code, remedy == .refuse ? .error : .warning, fact, at: SourcePosition(place: .edi(address)), hint: hint))
    }

    // MARK: Odd segments

    /// X12.5: ISA has fixed widths, tells the component separator in ISA16 and, from 00402 on, the repetition separator in ISA11.
    private mutating func writeISA(_ segment: EDISegment) {
        bytes.append(contentsOf: "ISA".utf8)
        for (index, width) in X12Header.widths.enumerated() {
            bytes.append(punctuation.element)
            address.element = index + 1
            let start = bytes.count
            switch index {
            case 10 where segment.text(12) >= "00402": bytes.append(punctuation.repetition ?? plainStandards(segment.text(11)))
            case 12: write(padded(segment.text(13), width))
            case 15: bytes.append(punctuation.component ?? UInt8(ascii: ":"))
            default: write(segment.text(index + 1))
            }
            let count = bytes.count - start
            if count > width {
                report(.ediHeaderWidth, .refuse, "ISA\(index < 9 ? "0" : "")\(index + 1) has \(count) bytes; ISA has room for \(width)")
            }
            bytes += repeatElement(ASCII.space, count: max(0, width - count))
        }
        address.element = nil
    }

    /// ISA11 where nothing separates repetitions: what stands there, unless a reader would take it for the separator. It takes no letter, no
    /// digit, no space, and not what separates components.
    private func plainStandards(_ text: String) -> UInt8 {
        guard let byte = text.utf8.first, text.utf8.count == 1 else { return UInt8(ascii: "U") }
        return ASCII.isAlphanumeric(byte) || byte == ASCII.space || byte == punctuation.component ? byte : UInt8(ascii: "U")
    }

    private func padded(_ number: String, _ width: Int) -> String {
        String(repeating: "0", count: max(0, width - number.utf8.count)) + number
    }

    /// UNA stands where it was asked for, and where the separators are not those that a reader takes without it.
    private mutating func writeUNA(_ segment: EDISegment) {
        var standard = EDIPunctuation.edifact
        let isVersionFour = segment.text(1, 2) >= "4"
        if isVersionFour { standard.repetition = UInt8(ascii: "*") }
        let isStandard = punctuation.element == standard.element && punctuation.component == standard.component
            && punctuation.release == standard.release && punctuation.terminator == standard.terminator
            && (punctuation.repetition ?? standard.repetition) == standard.repetition && punctuation.decimalMark == UInt8(ascii: ".")
        let isLevelB = !isVersionFour && punctuation.isLevelB
        guard punctuation.hasUNA || !isStandard && !isLevelB else { return }
        bytes.append(contentsOf: "UNA".utf8)
        bytes += [
            punctuation.component ?? ASCII.space, punctuation.element, punctuation.decimalMark, punctuation.release ?? ASCII.space,
            punctuation.repetition ?? ASCII.space,
        ]
        endSegment()
    }

    /// X12.22: BIN01 (BDS02) is the number of bytes of the data that follow, which may hold anything.
    private mutating func writeBinary(_ segment: EDISegment) {
        let place = segment.tag == "BIN" ? 2 : 3
        let length = segment.text(place - 1)
        guard segment.elements.count == place, Int(length) != nil else { return writePlain(segment) }
        var data: [UInt8] = []
        for scalar in segment.text(place).unicodeScalars where !encoder.append(scalar, to: &data) {
            report(.ediValueCharset, .refuse, "The binary data cannot be written in \(encoder.charset.name)")
        }
        bytes.append(contentsOf: segment.tag.utf8)
        if place == 3 {
            bytes.append(punctuation.element)
            write(segment.text(1))
        }
        bytes.append(punctuation.element)
        bytes.append(contentsOf: String(data.count).utf8)
        bytes.append(punctuation.element)
        bytes += data
    }

    // MARK: Addresses

    /// Keeps the address of findings.
    private mutating func follow(_ segment: EDISegment) {
        address.segmentTag = segment.tag
        address.segment = (address.segment ?? 0) + 1
        switch segment.tag {
        case "ISA": address = EDIAddress(interchange: segment.text(13), segment: 1, segmentTag: "ISA")
        case "UNB": address = EDIAddress(interchange: segment.text(5), segment: 1, segmentTag: "UNB")
        case "GS", "UNG": address.group = (address.group ?? 0) + 1
        case "STX": address = EDIAddress(interchange: segment.text(5), segment: 1, segmentTag: "STX")
        case "ST", "UNH", "MHD":
            address.transactionSet = segment.text(standard == .x12 ? 2 : 1)
            address.segment = 1
        case "GE", "UNE", "IEA", "UNZ", "EOB", "END": address.transactionSet = nil
        default: break
        }
    }
}

extension EDIPunctuation {
    fileprivate var isLevelB: Bool {
        let levelB = EDIDelimiters.levelB
        return element == levelB.element && component == levelB.component && release == nil && repetition == nil
            && terminator == levelB.terminatorBytes
    }
}
