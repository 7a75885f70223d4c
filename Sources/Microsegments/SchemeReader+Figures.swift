import Attributes
import Configurations
import Diagnostics
import FEEL
import Values

extension SchemeReader {
    /// The figures that a scheme declares, in the order of the file.
    static func figures(
        _ root: ConfigurationNode, _ plan: AttributePlan, _ microsegments: [Microsegment]
    ) -> (figures: [Figure], layout: FigureLayout?, diagnostics: [Diagnostic]) {
        let entries = root["figures"]?.entries ?? []
        guard !entries.isEmpty else { return ([], nil, []) }
        let layout = FigureLayout(plan, microsegments)
        var findings: [Diagnostic] = []
        let figures = entries.compactMap { entry -> Figure? in
            let node = entry.value.node("feel"), place = node.contentPosition
            let compilation = FEEL.expression(
                node.scalar ?? "", layout: layout.layout,
                at: TextOrigin(file: place.file, line: place.line ?? 1, column: place.column ?? 1, indentation: max(0, (place.column ?? 1) - 1)))
            findings += compilation.diagnostics
            guard let expression = compilation.product else { return nil }
            if expression.type != .number, expression.type != .any {
                findings.append(node.diagnostic(.schemeFigure, "figure \(entry.name) is \(expression.type), and figures are numbers", hint: "write an expression that gives a number"))
            }
            return Figure(name: entry.name, unit: entry.value.optionalText("unit"), isMoney: entry.value.flag("money"), expression: expression)
        }
        return (figures, layout, findings)
    }
}
