package import Formats

/// CSV has no end of its own: only quiet time or a done marker tells that a file is whole.
package struct CSVProbe: CompletenessProbe {
    package init() {}

    package func probe(head: [UInt8], tail: [UInt8]) -> Completeness { .unknown }
}
