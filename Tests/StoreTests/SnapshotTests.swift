import Foundation
import Store
import Synchronization
import Testing

/// How far whoever writes beside a copy has come.
private final class Writing: Sendable {
    let isOver = Atomic(false), written = Atomic(0)
}

@Suite struct SnapshotTests {
    @Test func `a store is copied in steps while another connection writes on and on, and the copy is of one instant`() async throws {
        let fixture = try StoreFixture(), copy = "\(fixture.folder)/copy.sqlite"
        // Enough pages for several steps.
        for number in 0..<40 {
            try fixture.publish((0..<250).map { StoreFixture.item("I-\(number)-\($0)", String(repeating: "description ", count: 20), ordinal: $0 + 1) }, file: "f\(number)", digest: "\(number)")
        }
        let other = try Store(driver: SQLiteDriver(path: "\(fixture.folder)/store.sqlite")), writing = Writing()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                var number = 1_000
                while !writing.isOver.load(ordering: .acquiring) {
                    number += 1
                    // Two rows that belong together: a copy has both or none.
                    try other.driver.write { session in
                        for name in ["left", "right"] { try Store.setSiteValue(name, "\(number)", in: session) }
                    }
                    writing.written.store(number, ordering: .releasing)
                }
            }
            while writing.written.load(ordering: .acquiring) == 0 { await Task.yield() }
            try fixture.store.driver.backUp(to: copy)
            writing.isOver.store(true, ordering: .releasing)
            try await group.waitForAll()
        }
        let snapshot = try SnapshotDriver(path: copy)
        #expect(try snapshot.defects(isQuick: false) == [])
        let store = try Store(driver: snapshot)
        let left = try #require(try store.siteValue("left"))
        #expect(try left == store.siteValue("right") && Int(left) ?? .max <= writing.written.load(ordering: .acquiring))
        #expect(throws: StoreFailure.self) { try store.driver.write { try Store.setSiteValue("left", "0", in: $0) } }
        // One file, and nothing beside it.
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.folder).filter { $0.hasPrefix("copy") } == ["copy.sqlite"])
    }

    @Test func `a page that is other is found`() throws {
        let fixture = try StoreFixture(), copy = "\(fixture.folder)/copy.sqlite"
        try fixture.publish((0..<500).map { StoreFixture.item("I-\($0)", "description", ordinal: $0 + 1) }, file: "f", digest: "d")
        try fixture.store.driver.backUp(to: copy)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: copy))
        // A page of a table, and not of what says which tables there are.
        let place = try #require(bytes.range(of: Data("I-499".utf8), options: .backwards)).lowerBound
        bytes[place / 4096 * 4096] ^= 0xFF
        try bytes.write(to: URL(fileURLWithPath: copy))
        #expect(try !SnapshotDriver(path: copy).defects(isQuick: true).isEmpty)
    }
}
