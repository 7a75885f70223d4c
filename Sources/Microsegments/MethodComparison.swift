package import Attributes
package import Clustering
package import FEEL
import Values

/// The methods of clustering beside each other on one population: which come again, how well rules can say them, and how their cost grows.
package struct MethodComparison: Sendable {
    package struct Entry: Sendable {
        package let method: ClusterModel.Algorithm
        package let clusters: Int
        /// Mean Jaccard coefficient of the least stable cluster.
        package let stability: Double
        package let silhouette: Double?
        /// The share of entities for which a tree of depth 3 says the same.
        package let fidelity: Double
        package let verdict: ClusterStability.Verdict
    }

    /// The most stable first; of equal ones the one that rules say best, then in the order of the methods.
    package let entries: [Entry]
    /// Methods that could not be tried, and why.
    package let failures: [(method: ClusterModel.Algorithm, reason: String)]

    package init(_ scheme: Scheme, _ plan: ClusterPlan, rows: [AttributeRow], context: EvaluationContext, workers: Workers = .alone) throws {
        var entries: [Entry] = [], failures: [(method: ClusterModel.Algorithm, reason: String)] = []
        for method in ClusterModel.Algorithm.allCases {
            var tried = plan
            tried.method = method
            do {
                let made = try Recalibration(scheme, tried, rows: rows, context: context, workers: workers)
                entries.append(Entry(
                    method: method, clusters: made.model.clusters.count, stability: made.stability.clusters.map(\.meanJaccard).min() ?? 0,
                    silhouette: made.silhouette, fidelity: made.surrogate.fidelity, verdict: made.verdict))
            } catch let failure as ClusteringFailure {
                failures.append((method, failure.description))
            }
        }
        self.entries = entries.enumerated().sorted { left, right in
            (right.element.stability, right.element.fidelity, left.offset) < (left.element.stability, left.element.fidelity, right.offset)
        }.map(\.element)
        self.failures = failures
    }

    package var text: String {
        func told(_ number: Double) -> String { ExactDecimal(number, scale: 4)?.description ?? "-" }
        var lines = ["| method | clusters | comes again (Jaccard) | verdict | silhouette | rules say the same | cost grows with |", "|---|---|---|---|---|---|---|"]
        lines += entries.map { entry in
            "| \(entry.method.rawValue) | \(entry.clusters) | \(told(entry.stability)) | \(entry.verdict.rawValue) | \(entry.silhouette.map(told) ?? "-") | \(told(100 * entry.fidelity)) % | \(entry.method.cost) |"
        }
        return (lines + failures.map { "\($0.method.rawValue) could not be tried: \($0.reason)" }).joined(separator: "\n")
    }
}

extension ClusterModel.Algorithm {
    /// With what time and memory grow.
    fileprivate var cost: String {
        switch self {
        case .kMeans: "entities times clusters"
        case .miniBatch: "clusters"
        case .ward, .single, .hdbscan: "entities squared; memory with entities"
        case .average, .complete: "entities squared, and memory too"
        }
    }
}
