import FlatFiles
import Testing
import Values

@Suite struct JSONLinesWriterTests {
    @Test func `each row is an object with every member, numbers exact`() throws {
        var writer = JSONLinesWriter(names: ["order", "quantity \"net\"", "due"])
        writer.write([.string("a\"b\n"), .number(try #require(ExactDecimal("1.50"))), .null])
        writer.write([.string("é"), .number(ExactDecimal(-3)), .boolean(true)])
        #expect(String(decoding: writer.take(), as: UTF8.self) == """
            {"order":"a\\"b\\n","quantity \\"net\\"":1.50,"due":null}
            {"order":"é","quantity \\"net\\"":-3,"due":true}

            """)
        #expect(writer.take().isEmpty)
    }
}
