import FEEL
import Values

/// Values of an input that all cells of its columns answer alike, by the way they are told.
enum InputRegion: Hashable, Sendable {
    /// A position of the dimension's axis.
    case position(Int)
    case name(String)
    /// Every string that no cell names.
    case otherNames
    case flag(Bool)
    case null
    /// All values of an input whose cells do not tell them apart.
    case anything
}

/// One input of a table, cut into the regions within which every cell answers the same.
///
/// Regions that no rule tells apart form one class, wherever they lie: searches work on classes, texts on regions.
struct InputDimension: Sendable {
    /// The input's expression.
    let header: String
    let axis: OrderedAxis?
    let regions: [InputRegion]
    /// A value of each region.
    let witnesses: [Value]
    /// Whether the cells or the domain name null, so that gaps at null are told.
    let namesNull: Bool
    /// Cells that are not over constants: their rules are undecided here. By rule.
    let opaqueRules: [Bool]
    /// Whether no cell at all could be decided, as where the type has no regions.
    let isOpaque: Bool

    /// The regions of each class, ascending. A class of null alone comes last.
    private(set) var classes: [[Int]] = []
    private var classOfRegion: [Int] = []
    /// A value of each class; nil for null alone.
    private var witnessOfClass: [Value?] = []
    /// The distinct sets of classes that rules ask for, and which of them each rule asks for.
    private(set) var cells: [ClassSet] = []
    private(set) var cellOfRule: [Int]
    /// The rules that hold for each class, `words` words a class; undecided ones hold.
    private(set) var rulesOfClass: [UInt64] = []
    let words: Int
    private var regionOfPosition: [Int: Int] = [:]
    private var regionOfName: [String: Int] = [:]

    var classCount: Int { classes.count }

    /// Whether the last class is null and nothing else.
    var endsWithNull: Bool { classes.last.map { $0.count == 1 && regions[$0[0]] == .null } ?? false }

    /// Most words of the sets of one dimension (32 MiB), and most flags of its distinct cells.
    static let wordsMax = 4_194_304, flagsMax = 67_108_864

    /// - Parameters:
    ///   - holding: the regions that each distinct cell holds for, one flag a region.
    ///   - holdingOfRule: which of them each rule has.
    init(
        header: String, axis: OrderedAxis?, regions: [InputRegion], witnesses: [Value], namesNull: Bool, isOpaque: Bool,
        opaqueRules: [Bool], holding: [[Bool]], holdingOfRule: [Int]
    ) {
        self.header = header
        self.axis = axis
        self.regions = regions
        self.witnesses = witnesses
        self.namesNull = namesNull
        self.isOpaque = isOpaque
        self.opaqueRules = opaqueRules
        cellOfRule = holdingOfRule
        words = max(1, (holdingOfRule.count + 63) / 64)
        makeClasses(holding)
        for held in holding { cells.append(ClassSet(classes.map { held[$0[0]] })) }
        rulesOfClass = [UInt64](repeating: 0, count: classes.count * words)
        for (rule, cell) in holdingOfRule.enumerated() {
            for member in cells[cell].members { rulesOfClass[member * words + rule / 64] |= 1 << UInt64(rule % 64) }
        }
        for (index, region) in regions.enumerated() {
            switch region {
            case .position(let position): regionOfPosition[position] = index
            case .name(let name): regionOfName[name] = index
            default: break
            }
        }
    }

    private mutating func makeClasses(_ holding: [[Bool]]) {
        var known: [[UInt64]: Int] = [:]
        var signature = [UInt64](repeating: 0, count: (holding.count + 63) / 64)
        for region in regions.indices {
            for index in signature.indices { signature[index] = 0 }
            for cell in holding.indices where holding[cell][region] { signature[cell / 64] |= 1 << UInt64(cell % 64) }
            if let place = known[signature] {
                classes[place].append(region)
            } else {
                known[signature] = classes.count
                classes.append([region])
            }
        }
        if let place = classes.firstIndex(where: { $0.count == 1 && regions[$0[0]] == .null }) {
            classes.append(classes.remove(at: place))
        }
        witnessOfClass = classes.map { members in members.first { regions[$0] != .null }.map { witnesses[$0] } }
        classOfRegion = [Int](repeating: 0, count: regions.count)
        for (place, members) in classes.enumerated() {
            for region in members { classOfRegion[region] = place }
        }
    }

    func cell(of rule: Int) -> ClassSet { cells[cellOfRule[rule]] }

    /// The regions of these classes, ascending.
    func regions(of set: ClassSet) -> [Int] { set.members.flatMap { classes[$0] }.sorted() }

    /// A value that lies in two sets; null only where nothing else does.
    func witness(_ first: ClassSet, _ second: ClassSet) -> Value {
        for member in max(first.low, second.low)..<max(first.low, second.low, min(first.high, second.high))
        where first.contains(member) && second.contains(member) {
            if let witness = witnessOfClass[member] { return witness }
        }
        return .null
    }

    /// Which class a value belongs to; nil where the value is outside the domain or of another kind.
    func classOf(_ value: Value) -> Int? { region(of: value).map { classOfRegion[$0] } }

    func region(of value: Value) -> Int? {
        if regions == [.anything] { return 0 }
        switch value {
        case .null: return regions.firstIndex(of: .null)
        case .boolean(let flag): return regions.firstIndex(of: .flag(flag))
        default: break
        }
        if let axis { return axis.kind.key(value).flatMap { regionOfPosition[axis.position(of: $0)] } }
        guard case .string(let string) = value else { return nil }
        return regionOfName[string] ?? regions.firstIndex(of: .otherNames)
    }
}
