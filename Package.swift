// swift-tools-version: 6.2
import PackageDescription

// Warnings of rooms are errors only where CI asks for it, so that a newer compiler does not break a user's build.
// What CI builds nobody debugs, so it goes without debug information, which takes a good part of compiling and linking.
let isStrict = Context.environment["CROSSDOCK_STRICT"] != nil
let strict: [SwiftSetting] = isStrict ? [.treatAllWarnings(as: .error)] : []
let bare: [SwiftSetting] = isStrict ? [.unsafeFlags(["-gnone"], .when(configuration: .release))] : []
let language: [SwiftSetting] = bare + [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]
let settings = language + strict

/// One room of the house (ARCHITECTURE.md, Rooms): its own target and, where it has tests, its own test target.
func room(_ name: String, _ rooms: [String] = [], _ packages: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: rooms.map { .byName(name: $0) } + packages, swiftSettings: settings)
}
/// A room whose tests look inside it (`@testable`), in release too.
func openRoom(_ name: String, _ rooms: [String] = [], _ packages: [Target.Dependency] = []) -> Target {
    let open = SwiftSetting.unsafeFlags(["-enable-testing"], .when(configuration: .release))
    return .target(name: name, dependencies: rooms.map { .byName(name: $0) } + packages, swiftSettings: settings + [open])
}
/// Tests run against rooms built for release, which are what a site gets; they themselves are not optimised, as that takes longer
/// than they do.
func tests(_ name: String, _ rooms: [String] = [], _ packages: [Target.Dependency] = []) -> Target {
    let plain = SwiftSetting.unsafeFlags(["-Onone"], .when(configuration: .release))
    return .testTarget(name: name, dependencies: rooms.map { .byName(name: $0) } + packages, swiftSettings: language + [plain])
}

/// What measures, under `Benchmarks/Sources`; built only where the environment has CROSSDOCK_BENCHMARKS. In this package and not in one of
/// their own, as `package` access ends at a package.
func benchmark(_ name: String, _ rooms: [String] = [], _ packages: [Target.Dependency] = []) -> Target {
    .executableTarget(
        name: name, dependencies: rooms.map { .byName(name: $0) } + packages, path: "Benchmarks/Sources/\(name)", swiftSettings: language)
}
/// A target for libFuzzer, under `Fuzzing/Sources`; built only where the environment has CROSSDOCK_FUZZING, with `--sanitize=fuzzer`,
/// which brings its own main.
func fuzzer(_ name: String, _ rooms: [String] = []) -> Target {
    .executableTarget(
        name: name, dependencies: rooms.map { .byName(name: $0) }, path: "Fuzzing/Sources/\(name)",
        swiftSettings: language + [.unsafeFlags(["-parse-as-library"])])
}

let benchmarks: [Target] = Context.environment["CROSSDOCK_BENCHMARKS"] == nil ? [] : [
    benchmark("table-check-bench", ["DecisionTables", "FEEL", "Values", "Diagnostics"]),
    benchmark("edi-bench", ["EDI", "Formats", "Configurations", "Diagnostics"]),
    benchmark("flat-bench", ["FlatFiles", "Markup", "Formats", "Configurations", "Diagnostics"]),
    benchmark("map-bench", ["Mapping", "Formats", "Records", "FEEL", "Values", "Diagnostics"]),
    benchmark("ingest-bench", ["Store", "Mapping", "Formats", "Records", "FEEL", "Values"]),
    benchmark("rules-bench", ["DecisionTables", "FEEL", "Values", "Diagnostics"]),
    benchmark("decimal-bench", ["Values"]),
    benchmark("feel-bench", ["FEEL", "Values", "Diagnostics"]),
    benchmark("cluster-bench", ["Clustering"]),
    benchmark("assignment-bench", ["Pipeline", "Store", "ChangeControl", "Microsegments", "Attributes", "DecisionTables", "Records", "FEEL", "Configurations", "Values", "Diagnostics"]),
    benchmark("arrival-bench", ["Pipeline", "Store", "Records", "Values"]),
    benchmark("record-bench", ["Store", "Records", "Attributes", "Values"]),
    benchmark("webhook-bench", ["Pipeline", "Store", "Webhooks", "Transfers", "Outbox", "Values", "CLinux"]),
    benchmark("audit-bench", ["Pipeline", "Store", "ChangeControl", "Values"]),
    benchmark("attribute-bench", ["Attributes", "DecisionTables", "Records", "FEEL", "Configurations", "Values", "Diagnostics"]),
]
let fuzzers: [Target] = Context.environment["CROSSDOCK_FUZZING"] == nil ? [] : [
    fuzzer("fuzz-feel", ["FEEL", "Values", "Diagnostics"]),
    .target(
        name: "ReaderChecks", dependencies: ["Formats", "Diagnostics"].map { .byName(name: $0) }, path: "Fuzzing/ReaderChecks",
        swiftSettings: language),
    fuzzer("fuzz-edi", ["ReaderChecks", "EDI", "Formats", "Configurations"]),
    fuzzer("fuzz-csv", ["ReaderChecks", "FlatFiles", "Formats"]),
    fuzzer("fuzz-fixed", ["ReaderChecks", "FlatFiles", "Formats", "Configurations"]),
    fuzzer("fuzz-idoc", ["ReaderChecks", "FlatFiles", "Formats"]),
    fuzzer("fuzz-json", ["ReaderChecks", "FlatFiles", "Formats"]),
    fuzzer("fuzz-xml", ["ReaderChecks", "Markup", "Formats"]),
    fuzzer("fuzz-archive", ["Archives", "Diagnostics"]),
    fuzzer("fuzz-dmn", ["DecisionModels", "FEEL", "Values", "Diagnostics"]),
]

/// With `CROSSDOCK_ROOMS=FEELTests,DecisionTables` in the environment only these rooms, and those they stand on, are built and
/// tested: minutes become seconds while one room is worked on.
func chosen(_ targets: [Target]) -> [Target] {
    guard let names = Context.environment["CROSSDOCK_ROOMS"] else { return targets }
    var wanted = Set(names.split(separator: ",").map(String.init))
    for target in targets.reversed() where wanted.contains(target.name) {
        for case .byNameItem(let name, _) in target.dependencies { wanted.insert(name) }
    }
    return targets.filter { wanted.contains($0.name) }
}

let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")

let package = Package(
    name: "crossdock",
    products: Context.environment["CROSSDOCK_ROOMS"] == nil ? ["crossdock", "dmn-tck", "oracle-check"].map { .executable(name: $0, targets: [$0]) } : [],
    dependencies: [
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
    ],
    targets: chosen([
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "CLibCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CLanes"),
        room("Diagnostics"),
        room("Values"),
        room("Configurations", ["Diagnostics", "Values"], [yams]),
        room("Statistics", ["Values", "Diagnostics"]),
        room("Clustering", ["Statistics", "Values"]),
        room("FEEL", ["Values", "Diagnostics"]),
        room("Records", ["Values", "Diagnostics"]),
        room("Formats", ["Diagnostics"]),
        room("EDI", ["Formats", "Values", "Configurations", "Diagnostics", "CLanes"]),
        room("FlatFiles", ["Formats", "FEEL", "Values", "Diagnostics", "Configurations"]),
        openRoom("Markup", ["Formats", "Diagnostics", "CLibXML2"]),
        room("Archives", ["Formats", "Diagnostics", "CZlib"]),
        room("DecisionTables", ["FEEL", "Values", "Diagnostics", "Configurations"]),
        room("DecisionModels", ["DecisionTables", "Formats", "FlatFiles", "Markup", "FEEL", "Values", "Diagnostics", "Configurations"]),
        openRoom("Mapping", ["Formats", "EDI", "FlatFiles", "Markup", "Archives", "Records", "FEEL", "Values", "Diagnostics", "Configurations"]),
        openRoom("Drafts", ["Mapping", "Formats", "EDI", "FlatFiles", "Markup", "Archives", "Records", "FEEL", "Values", "Diagnostics"]),
        room("Attributes", ["Records", "Statistics", "FEEL", "Values", "Diagnostics", "Configurations"]),
        room("Microsegments", ["Attributes", "Clustering", "Statistics", "DecisionModels", "DecisionTables", "Records", "FEEL", "Values", "Diagnostics", "Configurations"]),
        openRoom("ChangeControl", ["Values", "Diagnostics", "Configurations"], [crypto]),
        room("Outbox", ["Values"]),
        room("Decisions", ["Microsegments", "Attributes", "Records", "Mapping", "Outbox", "FEEL", "Values", "Diagnostics", "Configurations"], [crypto]),
        room("Sealing", [], [crypto]),
        room("Store", ["Records", "Attributes", "Microsegments", "Outbox", "ChangeControl", "Sealing", "Formats", "Values", "Diagnostics"], [grdb]),
        room("Intake", ["Formats", "Diagnostics", "CLinux"], [crypto]),
        room("Transfers", ["CLibCurl", "CLinux"], [crypto]),
        openRoom("ActionFiles", ["Outbox", "Values", "CLinux"], [crypto]),
        room("Webhooks", ["Outbox", "Values", "Transfers", "CLinux"], [crypto]),
        room("Signatures", ["ChangeControl"], [subprocess]),
        room("Pipeline", [
            "Diagnostics", "Values", "Configurations", "FEEL", "Records", "Formats", "EDI", "FlatFiles", "Markup", "Archives", "Mapping",
            "DecisionTables", "Attributes", "Clustering", "Statistics", "Microsegments", "Decisions", "ChangeControl", "Outbox", "Sealing", "Store", "Intake",
            "Transfers", "ActionFiles", "Webhooks", "Signatures",
        ]),
        room("WebhookReceiver", ["Webhooks", "Values", "CLinux"], [hummingbird, lifecycle, logging, crypto]),
        .executableTarget(
            name: "crossdock",
            dependencies: [
                "Diagnostics", "Values", "Configurations", "FEEL", "Records", "Formats", "EDI", "FlatFiles", "Markup", "Archives", "Mapping", "Drafts",
                "DecisionTables", "DecisionModels", "Attributes", "Microsegments", "Decisions", "ChangeControl", "Outbox", "Store",
                "Intake", "Signatures", "Webhooks", "Pipeline", "WebhookReceiver", arguments, logging, lifecycle, signals,
            ],
            swiftSettings: settings),

        .executableTarget(
            name: "dmn-tck",
            dependencies: ["DecisionModels", "FlatFiles", "FEEL", "Values", "Diagnostics", arguments],
            swiftSettings: settings),

        .executableTarget(
            name: "oracle-check",
            dependencies: ["Attributes", "Clustering", "Statistics", "Records", "FEEL", "Configurations", "Values", "Diagnostics", arguments],
            // Its tests look inside it, in release too.
            swiftSettings: settings + [.unsafeFlags(["-enable-testing"], .when(configuration: .release))]),

        tests("ValuesTests", ["Values"]),
        tests("ConfigurationsTests", ["Configurations", "Diagnostics", "Values"]),
        tests("StatisticsTests", ["Statistics", "Values", "Diagnostics"]),
        tests("ClusteringTests", ["Clustering", "Statistics"]),
        tests("FEELTests", ["FEEL", "Values", "Diagnostics"]),
        tests("DecisionTablesTests", ["DecisionTables", "Configurations", "FEEL", "Values", "Diagnostics"]),
        tests("DecisionModelsTests", ["DecisionModels", "DecisionTables", "Configurations", "FEEL", "Values", "Diagnostics"]),
        tests("EDITests", ["EDI", "Formats", "Values", "Configurations", "Diagnostics"]),
        tests("FlatFilesTests", ["FlatFiles", "Formats", "Configurations", "Diagnostics"]),
        tests("MarkupTests", ["Markup", "Formats", "Diagnostics"]),
        tests("ArchivesTests", ["Archives", "Formats", "Diagnostics", "CZlib"]),
        tests("MappingTests", ["Mapping", "Formats", "Records", "FEEL", "Values", "Diagnostics", "Configurations"]),
        tests("DraftsTests", ["Drafts", "Mapping", "Formats", "FlatFiles", "Records", "FEEL", "Values", "Diagnostics"]),
        tests("AttributesTests", ["Attributes", "Records", "FEEL", "Configurations", "Values", "Diagnostics"]),
        tests("MicrosegmentsTests", ["Microsegments", "Clustering", "Statistics", "DecisionTables", "Attributes", "Records", "FEEL", "Configurations", "Values", "Diagnostics"]),
        tests("DecisionsTests", ["Decisions", "Microsegments", "DecisionTables", "Attributes", "Mapping", "Outbox", "Records", "FEEL", "Configurations", "Values", "Diagnostics"]),
        tests("ChangeControlTests", ["ChangeControl", "Configurations", "Values", "Diagnostics"]),
        tests("SignaturesTests", ["Signatures", "ChangeControl", "Diagnostics"], [subprocess]),
        tests("OutboxTests", ["Outbox", "Values"]),
        tests("SealingTests", ["Sealing"]),
        tests("StoreTests", ["Store", "Sealing", "Records", "Attributes", "Microsegments", "ChangeControl", "Outbox", "Formats", "FEEL", "Configurations", "Values", "Diagnostics"]),
        tests("PipelineTests", ["Pipeline", "Sealing", "WebhookReceiver", "Webhooks", "Transfers", "Outbox", "Intake", "Mapping", "Store", "Signatures", "ChangeControl", "Microsegments", "Clustering", "Attributes", "Records", "Values", "Diagnostics"]),
        tests("IntakeTests", ["Intake", "Formats"]),
        tests("TransfersTests", ["Transfers"]),
        tests("WebhooksTests", ["Webhooks", "Transfers", "Outbox", "Values"]),
        tests("ActionFilesTests", ["ActionFiles", "Outbox", "Values"]),
        tests("WebhookReceiverTests", ["WebhookReceiver", "Webhooks", "Transfers", "Outbox", "Values"], [hummingbird, lifecycle]),
        tests("CommandsTests", ["crossdock"]),
        tests("OracleCheckTests", ["oracle-check", "Values"]),
        tests("TidyTests"),
    ] + benchmarks + fuzzers)
)
