private import FoundationEssentials

/// Finds scenario files: files are taken as they are named, folders are searched for `.json` files.
package enum ScenarioPaths {
    /// Why an argument stands for no file.
    package struct NothingFound: Error, Equatable, CustomStringConvertible {
        /// The argument with the reason and the mend.
        package var description: String
    }

    /// The files that arguments stand for, each once: arguments in their order, a folder's files by name.
    ///
    /// Folders named `schema` or `fragments` and hidden ones hold no scenarios and are passed over.
    ///
    /// - Parameter arguments: Files and folders.
    /// - Returns: The files, and one error per argument that stands for none.
    package static func expand(_ arguments: [String]) -> (files: [String], errors: [NothingFound]) {
        var files: [String] = []
        var errors: [NothingFound] = []
        for argument in arguments {
            var isFolder = false
            guard FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder) else {
                errors.append(NothingFound(description: "\(argument): there is no such file or folder; check the path"))
                continue
            }
            guard isFolder else {
                files.append(argument)
                continue
            }
            let found = scenarios(in: argument)
            if found.isEmpty {
                errors.append(
                    NothingFound(description: "\(argument): the folder holds no scenario (*.json); name another")
                )
            }
            files += found
        }
        var seen: Set<String> = []
        return (files.filter { seen.insert($0).inserted }, errors)
    }

    private static func scenarios(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().flatMap { name -> [String] in
            guard !name.hasPrefix("."), !["schema", "fragments"].contains(name) else { return [] }
            let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
            var isFolder = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return [] }
            if isFolder { return isLink(path) ? [] : scenarios(in: path) }
            return name.hasSuffix(".json") ? [path] : []
        }
    }

    /// Links to folders are not followed, because they can form circles.
    private static func isLink(_ path: String) -> Bool {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
    }
}
