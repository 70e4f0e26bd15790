/// A table as RFC 4180 describes it, except that lines end in a line feed alone.
///
/// Line feeds are what the tools that read such files on Unix expect (`cut`, `join`, `awk` would keep a carriage return
/// in the last column); spreadsheets and CSV readers take both.
struct CSVTable {
    /// A cell of a table.
    enum Cell {
        /// Text of unknown origin.
        case text(String)
        /// A number; `nil` leaves the cell empty.
        case number(Double?)
    }

    private(set) var text: String

    init(columns: [String]) {
        text = Self.line(columns.map(Self.quoted))
    }

    mutating func append(_ row: [Cell]) {
        text += Self.line(row.map(Self.written))
    }

    private static func line(_ cells: [String]) -> String {
        cells.joined(separator: ",") + "\n"
    }

    private static func written(_ cell: Cell) -> String {
        switch cell {
        case .text(let text): quoted(guarded(text))
        case .number(let value): value.map(NumberText.exact) ?? ""
        }
    }

    /// Puts an apostrophe before text that a spreadsheet would run as a formula.
    ///
    /// The text is altered by that; programs that need it as it was read `result.json`.
    private static func guarded(_ text: String) -> String {
        guard let first = text.unicodeScalars.first, ["=", "+", "-", "@", "\t", "\r"].contains(first) else {
            return text
        }
        return "'" + text
    }

    private static func quoted(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }) else {
            return text
        }
        let doubled = text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
        return "\"\(doubled)\""
    }
}
