/// A sentence whose names and quotations are marked, to be written for a terminal or as Markdown.
struct RichText: Equatable {
    enum Span: Equatable {
        /// Words of the report itself.
        case words(String)
        /// A name or a condition, quoted literally.
        case literal(String)
        /// Text of unknown origin.
        case foreign(String)
    }

    var spans: [Span]

    init(_ spans: Span...) {
        self.spans = spans
    }

    static func += (text: inout RichText, spans: [Span]) {
        text.spans += spans
    }

    /// The sentence on one line for a terminal.
    var plain: String {
        spans.map { span in
            switch span {
            case .words(let text): text
            case .literal(let text): "'\(PlainText.line(text, limit: 120))'"
            case .foreign(let text): PlainText.line(text, limit: 300)
            }
        }.joined()
    }

    /// The sentence as Markdown.
    var markdown: String {
        spans.map { span in
            switch span {
            case .words(let text): text
            case .literal(let text): MarkdownText.code(text, limit: 120)
            case .foreign(let text): MarkdownText.escaped(text, limit: 300)
            }
        }.joined()
    }
}
