import Glibc
import Pipeline
import Records
import Store
import Values

// arrival-bench ROOT [COUNT]: orders of a site arrive one by one. Each is remembered in another micro-segment than its records say, for the second time now, and marked as one whose
// records changed; the time is that of evaluating it: its attributes, its micro-segment, its decision and its effects, committed to the store with all that
// durability asks. Each line is `name value unit`. It writes to the store, so give it a copy.

let arguments = CommandLine.arguments
guard arguments.count >= 2 else {
    print("call: arrival-bench ROOT [COUNT]")
    exit(2)
}
let count = arguments.count > 2 ? Int(arguments[2]) ?? 200 : 200

func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

func peakMegabytes() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss / 1024
}

let site = try Site.open(root: arguments[1])
let evaluator = Evaluator(store: site.store, state: try site.liveState())
let entities = try site.store.driver.read { session in
    try session.firstRow(Statement("SELECT COUNT(*) FROM standing"), [])?.integer(0) ?? 0
}
print("arrival.entities \(entities) entities")
// Orders from all over the population.
let orders = try site.store.driver.read { session in
    try session.rows(Statement("SELECT client, entity FROM standing WHERE kind = 'order' ORDER BY entity LIMIT 1000000"), []).map { ($0.text(0), $0.text(1)) }
}
var times: [Double] = [], decisions = 0, failures = 0
for turn in 0..<count {
    let order = orders[turn * 7919 % orders.count]
    try site.store.driver.write { session in
        _ = try session.execute(
            Statement("""
                UPDATE standing SET microsegment = CASE computed WHEN 'rush' THEN 'standard' ELSE 'rush' END,
                settled = CASE computed WHEN 'rush' THEN 'standard' ELSE 'rush' END, since = 0, candidate = computed, confirmations = 1,
                candidate_since = 0, last_at = 0 WHERE kind = 'order' AND client = ? AND entity = ?
                """), [.text(order.0), .text(order.1)])
        _ = try session.execute(Statement("INSERT INTO dirty (kind, client, entity, position) VALUES ('order', ?, ?, 0)"), [.text(order.0), .text(order.1)])
    }
    let now = SystemClock.now(), start = seconds()
    let counts = try evaluator.drainDirty(now: now)
    times.append(seconds() - start)
    decisions += counts.decisions
    failures += counts.failures
}
times.sort()
print("arrival.time \(times[times.count / 2] * 1e3) ms")
print("arrival.time.p99 \(times[min(times.count - 1, times.count * 99 / 100)] * 1e3) ms")
print("arrival.decisions \(decisions) decisions")
print("arrival.failures \(failures) failures")
print("arrival.memory \(peakMegabytes()) MB")
