import Configurations
import EDI
import FoundationEssentials

/// The structure files of a folder and those below it.
func structures(in folder: String) -> TransactionStructures {
    var structures: [TransactionStructure] = []
    var elements: [SegmentElements] = []
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
    for name in names.sorted() where name.hasSuffix(".yaml") {
        guard let data = FileManager.default.contents(atPath: folder + "/" + name) else { continue }
        guard let root = ConfigurationText.parse(String(decoding: data, as: UTF8.self), file: name).root else { continue }
        if root["elements"] != nil {
            if let table = SegmentElements.decode(root).elements { elements.append(table) }
        } else if let structure = TransactionStructure.decode(root).structure {
            structures.append(structure)
        }
    }
    return TransactionStructures(structures, elements: elements)
}
