/// How blocks of work are shared between threads. A pure room starts none: a caller that has some passes a loop that calls `body` once for
/// each number below `count`, in any order and at the same time if it likes, and returns when all are done.
///
/// Answers never depend on it: each block writes to places of its own, and sums are added up block by block afterwards.
package struct Workers: Sendable {
    package typealias Loop = @Sendable (_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> Void
    private let loop: Loop

    package init(_ loop: @escaping Loop) { self.loop = loop }

    /// One after the other, on the thread that asks.
    package static let alone = Workers { count, body in
        for index in 0..<count { body(index) }
    }

    func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) { loop(count, body) }
}
