import Glibc
import Outbox
import Pipeline
import Store
import Synchronization
import Transfers
import Values
import Webhooks

// webhook-bench serve [PORT]                      answers 204 to every post, until it is killed
// webhook-bench send URL BODY COUNT PARALLEL      delivers COUNT webhooks of a store, as the daemon does, and tells how many a second
// webhook-bench live URL BODY COUNT               paced webhooks to a live target, alone and beside a dead one: five pairs of runs
//
// Each line of an answer is `name value unit`. The store lies under TMPDIR.

let arguments = CommandLine.arguments

func seconds(_ clock: clockid_t = CLOCK_MONOTONIC) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

switch arguments.dropFirst().first {
case "serve":
    let answerer = Answerer(port: arguments.count > 2 ? Int(arguments[2]) ?? 0 : 0)
    print(answerer.port)
    fflush(nil)
    answerer.run()
case "send" where arguments.count == 6:
    try await BenchSite(url: arguments[2], bodyPath: arguments[3], parallel: Int(arguments[5]) ?? 64).tellSpeed(count: Int(arguments[4]) ?? 40_000)
case "live" where arguments.count == 5:
    try await LiveRuns(url: arguments[2], bodyPath: arguments[3], count: Int(arguments[4]) ?? 2_000).tell()
default:
    print("call: webhook-bench serve [PORT] | send URL BODY COUNT PARALLEL | live URL BODY COUNT")
    exit(2)
}
