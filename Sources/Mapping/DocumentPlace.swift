import Diagnostics
import Formats

/// What is known of the document around the node that is being mapped, for diagnostics.
struct DocumentPlace: Sendable {
    let file: String?
    let format: SourceFormat
    var interchange: String?
    var group: Int?
    var transactionSet: String?

    /// The position of a field of a node, or of the node as a whole.
    func position(of hit: SourceHit, in scope: SourceScope, names: [String]) -> SourcePosition {
        let node = scope.nodes[Int(hit.node)]
        let field = hit.field >= 0 ? scope.fields[Int(hit.field)] : nil
        var position = SourcePosition(file: file, bytes: field?.bytes ?? node.bytes)
        switch format {
        case .x12, .edifact, .tradacoms:
            var address = EDIAddress(interchange: interchange, group: group, transactionSet: transactionSet)
            address.segment = node.ordinal
            address.segmentTag = names[Int(node.name)]
            address.element = field.map { Int($0.element) }
            if let component = field?.component, component > 0 { address.component = Int(component) }
            position.place = .edi(address)
        case .csv:
            let column = field.flatMap { $0.name >= 0 ? names[Int($0.name)] : nil }
            position.place = .cell(row: node.ordinal, column: field.map { Int($0.element) }, name: column)
        case .xml, .flat, .idoc, .json:
            position.place = .path(path(hit, in: scope, names: names))
        }
        return position
    }

    private func path(_ hit: SourceHit, in scope: SourceScope, names: [String]) -> String {
        var steps: [String] = []
        var node = hit.node
        while node >= 0 {
            steps.append(names[Int(scope.nodes[Int(node)].name)])
            node = scope.nodes[Int(node)].parent
        }
        var path = "/" + steps.reversed().joined(separator: "/")
        if hit.field >= 0, scope.fields[Int(hit.field)].name >= 0 {
            path += "/@" + names[Int(scope.fields[Int(hit.field)].name)]
        }
        return path
    }
}
