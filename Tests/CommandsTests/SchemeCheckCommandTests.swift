import Testing

@Suite struct SchemeCheckCommandTests {
    @Test func `the project's schemes are sound, and an unknown one is a wrong call`() throws {
        let all = try Command.run(["scheme", "check", "--format", "json"])
        let answer = try all.json()
        #expect(all.status == 0 && answer["sound"] as? Bool == true && (answer["schemes"] as? [String])?.contains("item-value") == true)
        let one = try Command.run(["scheme", "check", "item-value"])
        #expect(one.status == 0 && one.output == "item-value: sound\n")
        let none = try Command.run(["scheme", "check", "no-such-scheme"])
        #expect(none.status == 2 && none.output.isEmpty && none.errors.contains("no-such-scheme"))
    }

    @Test func `wrong calls of transitions and attributes are told`() throws {
        for call in [["transitions", "x", "--every", "year"], ["transitions", "x", "--dwell", "long"], ["attributes", "show", "item"]] {
            let command = try Command.run(call)
            #expect(command.status == 2 && command.output.isEmpty && !command.errors.isEmpty, "\(call)")
        }
    }
}
