package import ChangeControl
import FoundationEssentials
import Store

extension ChangeDesk {
    /// Writes the files of a state that is or was live into a folder that is not there yet.
    ///
    /// - Parameter digits: the first 8 or more of the state's id; nil is the live one.
    package func export(_ digits: String?, to folder: String) throws -> (state: StateID, files: Int) {
        guard !FileManager.default.fileExists(atPath: folder) else {
            throw PipelineFailure(subject: folder, cause: "it is there already", hint: "name a folder that is not there: nothing is written over")
        }
        let state = try digits.map { try formerState($0) } ?? live().id
        let files = try StateFiles.stored(try description(state.description), in: site.store).files
        for file in files {
            let path = "\(folder)/\(file.path)"
            try Site.makeFolder(Site.parent(of: path))
            try FileBytes.write(file.bytes, to: path + ".part", renamedTo: path)
        }
        return (state, files.count)
    }
}
