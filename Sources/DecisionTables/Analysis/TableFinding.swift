package import Diagnostics
package import Values

/// One thing that analysis found about a table.
package struct TableFinding: Hashable, Sendable {
    package var code: DiagnosticCode
    package var severity: Severity
    /// What is so, in one sentence.
    package var fact: String
    /// The rules that it is about, from 1; the one that would be changed first.
    package var rules: [Int]
    /// The region that it is about, as cells of the table's inputs that could be pasted as a new rule; nil where there is none.
    package var cells: [String]?
    /// A row of the region, by input.
    package var witness: [TableWitness]
    package var hint: String?
    package var position: SourcePosition

    /// The finding as every other one is told.
    package var diagnostic: Diagnostic {
        var lines = fact
        if !witness.isEmpty { lines += "; for instance \(witness.map(\.text).joined(separator: ", "))" }
        return Diagnostic(code, severity, lines, at: position, hint: hint)
    }
}

/// The value of one input in an example row.
package struct TableWitness: Hashable, Sendable {
    package var input: String
    package var value: Value

    /// `hours to promise = 24`, in FEEL.
    package var text: String { "\(input) = \(value.feelText)" }
}

/// A region that no rule covers.
package struct TableGap: Hashable, Sendable {
    /// By column of the table.
    package var cells: [String]
    package var witness: [TableWitness]
    let box: SpaceBox
}

/// Two rules that hold for the same rows.
package struct RuleOverlap: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        /// Both hold for the same rows and no others.
        case equal
        /// The second holds only where the first does.
        case contains
        /// The first holds only where the second does.
        case within
        case partial
    }

    /// From 1; the first is the upper one.
    package var first: Int
    package var second: Int
    package var kind: Kind
    /// Whether both give the same outputs; nil where that depends on the row.
    package var agrees: Bool?
}
