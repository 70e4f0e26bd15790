/// A table for monospace output.
struct TextTable {
    enum Alignment {
        case left
        case right
    }

    /// A column with its heading.
    struct Column {
        var title: String
        var alignment: Alignment

        static func left(_ title: String) -> Column { Column(title: title, alignment: .left) }
        static func right(_ title: String) -> Column { Column(title: title, alignment: .right) }
    }

    var columns: [Column]
    var rows: [[String]] = []

    init(_ columns: [Column]) {
        self.columns = columns
    }

    /// The table in lines of at most `width` characters.
    ///
    /// Columns that do not fit are set below, each block with the first column repeated.
    func lines(width: Int, indent: Int = 2) -> [String] {
        guard !columns.isEmpty else { return [] }
        let widths = columns.indices.map(self.width)
        var blocks: [[Int]] = []
        var block: [Int] = []
        var used = 0
        for index in columns.indices.dropFirst() {
            if !block.isEmpty, used + 2 + widths[index] > width {
                blocks.append(block)
                block = []
            }
            if block.isEmpty {
                block = [0]
                used = indent + widths[0]
            }
            block.append(index)
            used += 2 + widths[index]
        }
        blocks.append(block.isEmpty ? [0] : block)
        return Array(
            blocks.map { columns in
                ([titles] + rows).map { line(of: $0, columns: columns, widths: widths, indent: indent) }
            }.joined(separator: [""])
        )
    }

    private var titles: [String] { columns.map(\.title) }

    private func width(of column: Int) -> Int {
        rows.reduce(columns[column].title.count) { max($0, column < $1.count ? $1[column].count : 0) }
    }

    private func line(of cells: [String], columns chosen: [Int], widths: [Int], indent: Int) -> String {
        var line = String(repeating: " ", count: indent)
        for (position, index) in chosen.enumerated() {
            let cell = index < cells.count ? cells[index] : ""
            let padding = String(repeating: " ", count: max(0, widths[index] - cell.count))
            line += position == 0 ? "" : "  "
            line += columns[index].alignment == .right ? padding + cell : cell + padding
        }
        while line.hasSuffix(" ") { line.removeLast() }
        return line
    }
}
