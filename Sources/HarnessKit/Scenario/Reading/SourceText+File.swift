private import FoundationEssentials

extension SourceText {
    /// The largest scenario file that is read.
    static let sizeLimit = 16 << 20

    /// Reads a file, or says why it cannot be read.
    static func load(path: String) -> Result<SourceText, ScenarioProblem> {
        func refusal(_ message: String) -> Result<SourceText, ScenarioProblem> {
            .failure(ScenarioProblem(file: path, message: message))
        }
        let files = FileManager.default
        var isFolder = false
        guard files.fileExists(atPath: path, isDirectory: &isFolder) else {
            return refusal("there is no such file; check the path")
        }
        if isFolder { return refusal("this is a folder; name a scenario file") }
        do {
            let target = try files.destination(ofLinksAt: path)
            let attributes = try files.attributesOfItem(atPath: target)
            guard attributes[.type] as? FileAttributeType == .typeRegular else {
                return refusal("this is not a regular file; name a scenario file")
            }
            guard let size = size(attributes[.size]) else {
                return refusal("the size of the file cannot be told; copy it to an ordinary folder")
            }
            if size > sizeLimit {
                let message = "the file has \(size) bytes; a scenario has at most \(sizeLimit) (16 MiB)"
                return refusal(message)
            }
            return .success(SourceText(path: path, bytes: [UInt8](try Data(contentsOf: URL(filePath: target)))))
        } catch {
            return refusal("the file cannot be read (\(reason(of: error))); check its permissions")
        }
    }

    /// The size is an integer of some type, or an `NSNumber` where all of Foundation is loaded.
    static func size(_ value: Any?) -> UInt64? {
        value as? UInt64 ?? (value as? any BinaryInteger).map { UInt64(clamping: $0) }
    }

    private static func reason(of error: any Error) -> String {
        (error as? CocoaError)?.code == .fileReadNoPermission ? "permission denied" : "\(type(of: error))"
    }
}

extension FileManager {
    /// The path without symbolic links, whose own attributes say nothing of the file.
    fileprivate func destination(ofLinksAt path: String) throws -> String {
        URL(filePath: path).resolvingSymlinksInPath().path
    }
}
