import HarnessKit

/// The events of a counter-example as a table.
enum CounterExampleTable {
    /// Lines for a monospace terminal.
    static func lines(_ example: CounterExample) -> [String] {
        var table = TextTable([.right("time"), .left("event"), .left("of"), .left("")])
        table.rows = example.events.map(cells)
        return table.lines(width: ConsoleReport.width, indent: 6) + rest(example).map { "      " + $0 }
    }

    /// Lines of Markdown.
    static func markdown(_ example: CounterExample) -> [String] {
        var table = MarkdownTable([.right("Time"), .left("Event"), .left("Of"), .left("")])
        for event in example.events {
            let cells = cells(of: event)
            table.append([cells[0], cells[1], MarkdownText.code(cells[2], limit: 60), MarkdownText.escaped(cells[3])])
        }
        return table.lines + rest(example).flatMap { ["", "*\($0)*"] }
    }

    private static func cells(of event: CounterExample.Event) -> [String] {
        // Not rounded by magnitude: what matters is the order of events that are close together.
        [
            NumberText.fixed(event.time * 1000, decimals: 3) + " ms", PlainText.line(event.event, limit: 20),
            PlainText.line(event.subject, limit: 30), PlainText.line(event.detail, limit: 50),
        ]
    }

    private static func rest(_ example: CounterExample) -> [String] {
        example.omitted == 0 ? [] : ["\(PlainText.counted(example.omitted, "event")) between them left out"]
    }
}
