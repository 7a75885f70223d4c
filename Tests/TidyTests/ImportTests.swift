import Testing

/// Modules that come with the system or the compiler: for edge rooms only.
private let systemModules: Set<String> = ["Glibc", "Musl", "Foundation", "FoundationEssentials", "Synchronization", "Dispatch"]

/// Modules that come with a package, besides the one of its name.
private let companions = ["Yams": ["CYaml"], "Hummingbird": ["HTTPTypes"], "GRDB": ["GRDBSQLite"]]

@Suite struct ImportTests {
    private func table() throws -> RoomsTable { try RoomsTable.parse(House.text("ARCHITECTURE.md")) }

    @Test func `the rooms of ARCHITECTURE are those of Package, in the same order with the same imports`() throws {
        let told = try table().rooms
        let built = try PackageText.rooms(House.text("Package.swift"))
        #expect(built.count > 20)
        #expect(told.map(\.name) == built.map(\.name))
        for (told, built) in zip(told, built) {
            #expect(told.rooms == built.rooms, "\(told.name)")
            // Package.swift calls them by constants: `grdb` for GRDB, `arguments` for ArgumentParser.
            #expect(told.packages.count == built.packages.count, "\(told.name): \(told.packages), \(built.packages)")
        }
    }

    @Test func `each room is either pure or at the edge`() throws {
        let table = try table()
        let swiftRooms = table.rooms.map(\.name).filter { !["CLibXML2", "CLibCurl", "CZlib", "CLinux", "CLanes"].contains($0) }
        #expect((table.pure + table.edge).sorted() == swiftRooms.sorted())
    }

    @Test func `a room imports what its row names and nothing else`() throws {
        let found = try imports(of: House.sources(), against: table())
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    }

    @Test func `an import that no row names is found`() throws {
        let table = RoomsTable.parse("""
            | target | one line | imports |
            |---|---|---|
            | `Low` | . | - |
            | `High` | . | Low [Yams] |

            Edge rooms: `High`.

            Pure rooms: `Low`.
            """)
        let files = [
            SourceFile(path: "Sources/Low/A.swift", text: "package import High\nimport Glibc // import Low\n"),
            SourceFile(path: "Sources/High/B.swift", text: "import CYaml\nimport Low\nimport Glibc\nimport GRDB\n"),
        ]
        #expect(imports(of: files, against: table) == [
            "Sources/Low/A.swift:1: imports High", "Sources/Low/A.swift:2: imports Glibc", "Sources/High/B.swift:4: imports GRDB",
        ])
    }

    private func imports(of files: [SourceFile], against table: RoomsTable) -> [String] {
        files.flatMap { file -> [String] in
            guard let room = table.rooms.first(where: { $0.name == file.room }) else { return ["\(file.path): no row for \(file.room)"] }
            let allowed = Set(room.rooms + room.packages + room.packages.flatMap { companions[$0] ?? [] })
                .union(table.edge.contains(room.name) ? systemModules : [])
            return file.imports.filter { !allowed.contains($0.module) }.map { "\(file.path):\($0.line): imports \($0.module)" }
        }
    }
}
