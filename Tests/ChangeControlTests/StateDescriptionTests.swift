import ChangeControl
import Diagnostics
import Testing

@Suite struct StateDescriptionTests {
    private func files(_ paths: String...) -> [OfferedFile] { paths.map { OfferedFile(path: $0, bytes: Array($0.utf8)) } }

    private func state(_ files: [OfferedFile], engine: String = "crossdock 0.1.0", zones: String = "2026a") throws -> StateManifests {
        try #require(StateManifests.of(files, engine: engine, zones: zones).manifests)
    }

    @Test func `every part of the state changes its id`() throws {
        let base = files("Mappings/a", "Schemes/b", "Overrides/c", "Governance/d")
        let ids = try [
            state(base), state(base + files("Mappings/x")), state(base + files("Schemes/x")), state(base + files("Overrides/x")),
            state(base + files("Governance/x")), state(base, engine: "crossdock 0.2.0"), state(base, zones: "2026b"),
        ].map(\.id)
        #expect(Set(ids).count == ids.count)
        #expect(try state(base.reversed()).id == ids[0])
    }

    @Test func `files go to the component of their folder`() throws {
        let state = try state(files("Mappings/a", "Schemes/b", "Overrides/c", "Governance/d"))
        #expect(state.bundle.entries.map(\.path) == ["Mappings/a", "Schemes/b"])
        #expect(state.overrides.entries.map(\.path) == ["Overrides/c"])
        #expect(state.governance.entries.map(\.path) == ["Governance/d"])
    }

    @Test func `a file of no component, and a twin in another folder, are refused`() {
        #expect(StateManifests.of(files("Inbox/a"), engine: "e", zones: "z").diagnostics.map(\.code) == [.manifestPath])
        #expect(StateManifests.of(files("Governance/in/CR-0001.approve"), engine: "e", zones: "z").manifests == nil)
        #expect(StateManifests.of(files("Schemes/a", "Schemes/A"), engine: "e", zones: "z").diagnostics.map(\.code) == [.manifestTwin])
    }

    @Test func `the text reads back, and any other text is refused`() throws {
        let state = try state(files("Schemes/b")).description
        #expect(StateDescription.parse(state.text).state == state)
        for bad in [
            state.text + "\n", String(state.text.dropLast()), state.text.replacing("\n", with: "\r\n"),
            state.text.replacing("bundle ", with: "bundle  "), state.text.replacing("state 1", with: "state 2"),
            state.text.replacing("engine crossdock 0.1.0\n", with: ""), state.text + "more x\n",
        ] {
            #expect(StateDescription.parse(bad).state == nil, "\(bad)")
            #expect(StateDescription.parse(bad).diagnostics.map(\.code) == [.stateText])
        }
    }
}
