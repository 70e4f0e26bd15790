/// A table in Markdown; cells are Markdown already.
struct MarkdownTable {
    private let columns: [TextTable.Column]
    private var rows: [[String]] = []
    /// How many rows are written before the rest is only counted.
    private let rowLimit: Int

    init(_ columns: [TextTable.Column], rowLimit: Int = 120) {
        self.columns = columns
        self.rowLimit = rowLimit
    }

    var isEmpty: Bool { rows.isEmpty }

    mutating func append(_ row: [String]) {
        rows.append(row)
    }

    var lines: [String] {
        let rule = columns.map { $0.alignment == .right ? "---:" : "---" }
        var lines = ([columns.map(\.title), rule] + rows.prefix(rowLimit)).map { "| \($0.joined(separator: " | ")) |" }
        if rows.count > rowLimit { lines += ["", "*\(rows.count - rowLimit) further rows are in the CSV files.*"] }
        return lines
    }
}
