package import Diagnostics

/// What compiling a text gave: a product where no error was found, and every finding.
package struct Compilation<Product: Sendable>: Sendable {
    /// Nil where `diagnostics` holds an error.
    package let product: Product?
    package let diagnostics: [Diagnostic]

    package init(product: Product?, diagnostics: [Diagnostic]) {
        self.product = product
        self.diagnostics = diagnostics
    }
}
