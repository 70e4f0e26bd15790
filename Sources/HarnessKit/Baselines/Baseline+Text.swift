internal import FoundationEssentials

extension Baseline {
    /// A file: the baseline beside what shows whether anybody changed it.
    private struct File<Content: Codable>: Codable {
        var checksum: String
        var baseline: Content
    }

    /// The baseline as the text of a file.
    public var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Figures that are no numbers are not measured either: encoding to memory has no other way to fail.
        let plain = (try? encoder.encode(finite)) ?? Data()
        let content = (try? JSONDecoder().decode(JSONValue.self, from: plain)) ?? .null
        let file = File(checksum: Self.checksum(of: content), baseline: content)
        return String(decoding: (try? encoder.encode(file)) ?? Data(), as: UTF8.self) + "\n"
    }

    /// Reads what ``text`` wrote.
    ///
    /// - Parameters:
    ///   - text: The text of a file.
    ///   - path: The file, for errors.
    /// - Returns: The baseline.
    /// - Throws: ``BaselineError`` for a file that is cut, was changed by hand, or is of another format.
    public static func read(_ text: String, path: String) throws(BaselineError) -> Baseline {
        let file: File<JSONValue>
        do {
            file = try JSONDecoder().decode(File<JSONValue>.self, from: Data(text.utf8))
        } catch {
            throw BaselineError(
                "\(path) is no baseline, or only a part of one; make it anew with 'harness baseline save'"
            )
        }
        guard case .integer(1)? = file.baseline["format"] else {
            let version = file.baseline["format"]?.canonicalText ?? "none"
            throw BaselineError(
                "\(path) has the format \(version), and this version reads format 1; make it anew with 'harness baseline save'"
            )
        }
        let checksum = checksum(of: file.baseline)
        guard checksum == file.checksum else {
            throw BaselineError(
                "\(path) was changed by hand: its checksum is \(checksum) and \(file.checksum) is written in it; "
                    + "take new figures over with 'harness baseline accept'"
            )
        }
        do {
            return try JSONDecoder().decode(Baseline.self, from: Data(file.baseline.canonicalText.utf8))
        } catch {
            throw BaselineError("\(path) lacks a part of a baseline; make it anew with 'harness baseline save'")
        }
    }

    private static func checksum(of content: JSONValue) -> String {
        StableHash.hexadecimal(StableHash.fnv1a(content.canonicalText))
    }

    /// The baseline without figures that JSON has no numbers for.
    private var finite: Baseline {
        var baseline = self
        for index in baseline.entries.indices {
            baseline.entries[index].record.total.metrics.removeAll { !$0.metric.value.isFinite }
            baseline.entries[index].samples = baseline.entries[index].samples.filter { entry in
                entry.value.joined().allSatisfy(\.isFinite)
            }
        }
        return baseline
    }
}
