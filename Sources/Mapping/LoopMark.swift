/// A loop that is open, and the records made before it was: all, and those within open loops.
struct LoopMark {
    let node: Int32
    let ordinal: Int
    let made: Int
}
