import Attributes
import ChangeControl
import Clustering
import Diagnostics
import Foundation
package import Microsegments
import Records
package import Values

/// Finds new clusters for a scheme as it lies on disk, over the records of the store. Nothing goes live: the model is a file beside the scheme, and
/// takes effect with a change request, as the scheme does.
package struct SchemeRecalibration: Sendable {
    package let made: Recalibration
    /// Paths of the model and of its card, relative to the site's root.
    package let modelPath: String
    package let cardPath: String
    /// The model on disk did not fit the scheme, so that names begin anew.
    package let isFormerModelUnfit: Bool

    package init(_ name: String, site: Site, asOf: Instant, despiteBadFeeds: Bool) throws {
        let subject = try Subject(name, site: site, asOf: asOf)
        let bad = try QualityGate(store: site.store, state: subject.state).badFeeds(of: subject.scheme)
        if !bad.isEmpty, !despiteBadFeeds {
            throw PipelineFailure(
                subject: "scheme \(name)", cause: "feeds whose records it reads are bad: " + bad.map(\.description).joined(separator: "; "),
                hint: "see `crossdock quality`, or say --despite-bad-feeds")
        }
        made = try subject.tried {
            try Recalibration(subject.scheme, subject.plan, rows: subject.rows, context: subject.state.context(now: asOf), workers: Self.workers)
        }
        modelPath = subject.plan.path
        cardPath = subject.plan.path.replacing(".clusters.jsonl", with: ".clusters.md")
        isFormerModelUnfit = subject.isFormerModelUnfit
    }

    /// All methods beside each other on the population of a scheme.
    package static func compare(_ name: String, site: Site, asOf: Instant) throws -> MethodComparison {
        let subject = try Subject(name, site: site, asOf: asOf)
        return try subject.tried {
            try MethodComparison(subject.scheme, subject.plan, rows: subject.rows, context: subject.state.context(now: asOf), workers: workers)
        }
    }

    private static let workers = Workers { count, body in DispatchQueue.concurrentPerform(iterations: count, execute: body) }

    /// A scheme with clusters as it lies on disk, and its population.
    private struct Subject {
        let scheme: Scheme
        let plan: ClusterPlan
        let state: ActiveState
        let isFormerModelUnfit: Bool
        let rows: [AttributeRow]

        init(_ name: String, site: Site, asOf: Instant) throws {
            (state, isFormerModelUnfit) = try SchemeRecalibration.state(StateFiles.onDisk(root: site.root), scheme: name)
            guard let scheme = state.bundle.scheme(name) else {
                throw PipelineFailure(
                    subject: "scheme \(name)", cause: "it is not under Schemes", hint: "there are \(state.bundle.schemes.map(\.name).joined(separator: ", "))")
            }
            guard let plan = scheme.clusters else {
                throw PipelineFailure(subject: "scheme \(name)", cause: "it has no clusters", hint: "its rules are changed by editing them; see clusters in docs/schemes.md")
            }
            self.scheme = scheme
            self.plan = plan
            rows = try Evaluator(store: site.store, state: state).population(of: scheme.plan, now: asOf).rows
        }

        /// What cannot be clustered is the scheme's affair.
        func tried<Result>(_ work: () throws -> Result) throws -> Result {
            do {
                return try work()
            } catch let failure as ClusteringFailure {
                throw PipelineFailure(subject: "scheme \(scheme.name)", cause: "\(failure)", hint: "mend clusters of \(scheme.file), or the attributes that it compares")
            }
        }
    }

    /// The state as it lies on disk; a former model that does not fit the scheme any more is left out.
    private static func state(_ files: StateFiles, scheme: String) throws -> (ActiveState, isUnfit: Bool) {
        let id = files.manifests.id.description, description = files.manifests.description
        let (bundle, findings) = files.compile()
        if let bundle { return (ActiveState(id: id, description: description, bundle: bundle), false) }
        let errors = findings.filter { $0.severity == .error }
        let unfit = Set(errors.filter { $0.code == .schemeClusters }.compactMap(\.position.file)).filter { $0.hasSuffix(".clusters.jsonl") }
        let rest = files.files.filter { !$0.path.hasPrefix("Governance/") && !unfit.contains($0.path) }
        if !unfit.isEmpty, let bundle = BundleCompiler.compile(rest, zones: ZoneFiles.catalogue).bundle {
            return (ActiveState(id: id, description: description, bundle: bundle), true)
        }
        throw PipelineFailure(subject: "the files of the site", cause: "they do not compile", hint: "see `crossdock check`", diagnostics: errors)
    }

    /// Puts the model and its card beside the scheme, each whole or not at all.
    package func write(in site: Site) throws {
        let card = ModelCard(made)
        for (path, text) in [(modelPath, made.model.text), (cardPath, card.page.markdown)] {
            do {
                try Data(text.utf8).write(to: URL(fileURLWithPath: site.path(path)), options: .atomic)
            } catch {
                throw PipelineFailure(subject: path, cause: "it cannot be written: \(error)", hint: "see who may write under Schemes")
            }
        }
    }
}
