import ChangeControl
package import Configurations
import Mapping

/// Every kind of YAML file, with its shape: what `check` holds files against, and what editors complete by.
package enum ConfigurationKinds {
    package struct Kind: Sendable {
        /// The first key of the file, or the file's name where it is always the same.
        package let name: String
        /// Where such files lie, from the site's root.
        package let files: String
        package let shape: ConfigurationShape
    }

    package static let all: [Kind] =
        [Kind(name: "crossdock", files: "crossdock.yaml", shape: SiteConfiguration.shape)]
        + MappingShapes.all.map { Kind(name: $0.kind, files: "Mappings/**/*.yaml", shape: $0.shape) }
        + BundleCompiler.kinds
        + [Kind(name: "governance", files: "Governance/governance.yaml", shape: Governance.shape)]
}
