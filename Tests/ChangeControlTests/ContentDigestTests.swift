@testable import ChangeControl
import Testing

@Suite struct ContentDigestTests {
    @Test func `64 lower-case digits are read, and written again`() throws {
        for number in 0..<1_000 {
            let digest = ContentDigest(ofText: "\(number)")
            // Digit by digit, as a page would say it.
            let expected = digest.bytes.map { byte in [byte >> 4, byte & 15].map { String($0, radix: 16) }.joined() }.joined()
            #expect(digest.hex == expected)
            #expect(ContentDigest(hex: expected) == digest)
            var buffer: [UInt8] = [1]
            digest.append(to: &buffer)
            #expect(buffer == [1] + Array(expected.utf8))
        }
    }

    @Test func `each byte that is no lower-case digit is refused at each place`() {
        let whole = Array(ContentDigest(ofText: "a").hex.utf8)
        for place in 0..<64 {
            for byte in UInt8.min...UInt8.max {
                var text = whole
                text[place] = byte
                let isDigit = (48...57).contains(byte) || (97...102).contains(byte)
                let read = ContentDigest(hex: String(decoding: text, as: UTF8.self))
                #expect((read != nil) == isDigit, "\(byte) at \(place)")
                if isDigit { #expect(read?.hex == String(decoding: text, as: UTF8.self)) }
            }
        }
        for bad in ["", String(decoding: whole.dropLast(), as: UTF8.self), String(decoding: whole + [48], as: UTF8.self)] { #expect(ContentDigest(hex: bad) == nil) }
    }
}
