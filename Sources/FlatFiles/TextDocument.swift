import Diagnostics
import Formats

/// A document as a reader of this room goes through it: what was received, what is not used up, and where that stands.
///
/// All offsets are of the UTF-8 that ``TextInput`` makes of the document; ``place(_:)`` gives those of the document.
struct TextDocument {
    /// Codes of the findings that every format has.
    struct Codes {
        let encoding: DiagnosticCode
        let empty: DiagnosticCode
        let size: DiagnosticCode
    }

    let file: String?
    let limits: ReadLimits
    let codes: Codes
    var input: TextInput
    /// Offset of the first byte that is not used up.
    var offset = 0
    /// 1-based line of that byte.
    var line = 1
    /// Bytes of the document.
    var received = 0
    /// Nothing more of the document is read.
    private(set) var isStopped = false
    /// Bytes from ``offset`` on that wait for more.
    var pending: [UInt8] = []

    init(file: String?, limits: ReadLimits, encoding: DeclaredEncoding?, codes: Codes) {
        self.file = file
        self.limits = limits
        self.codes = codes
        input = TextInput(declared: encoding)
    }

    /// The bytes of the document that spell a range of the UTF-8.
    func place(_ range: Range<Int>) -> Range<Int> { input.place(range) }

    /// The byte of the document at which a byte of the UTF-8 stands.
    func place(_ offset: Int) -> Int { input.place(offset..<offset).lowerBound }

    /// Nothing more is read; what was not used up is let go.
    mutating func stop() {
        isStopped = true
        pending = []
    }
}
