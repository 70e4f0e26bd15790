/// Lays rows out in columns of equal width.
struct TextTable {
    private var rows: [[String]]

    init(header: [String]? = nil, rows: [[String]]) {
        self.rows = (header.map { [$0] } ?? []) + rows
    }

    /// The rows, one per line, without white space at their ends.
    var text: String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.count)
            }
            var line = Substring(cells.joined(separator: "  "))
            while line.last == " " { line.removeLast() }
            return String(line)
        }.joined(separator: "\n")
    }
}
