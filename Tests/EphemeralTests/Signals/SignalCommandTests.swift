import Ephemeral
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SignalCommandTests {
    @Test(
        arguments: [
            ("rate-limit:500ms", "rate-limit", .duration(.milliseconds(500))),
            ("rate-limit:2s", "rate-limit", .duration(.seconds(2))),
            ("rate-limit:0s", "rate-limit", .duration(.zero)),
            ("limit:9223372036854775807s", "limit", .duration(.seconds(Int64.max))),
            ("limit:99999999999999999999ms", "limit", .text("99999999999999999999ms")),
            ("limit:-5s", "limit", .text("-5s")),
            ("limit:1.5s", "limit", .text("1.5s")),
            ("limit:ms", "limit", .text("ms")),
            ("limit:s", "limit", .text("s")),
            ("limit: 5s", "limit", .text(" 5s")),
            ("scale:12", "scale", .integer(12)),
            ("scale:-3", "scale", .integer(-3)),
            ("scale:9223372036854775808", "scale", .text("9223372036854775808")),
            ("failed:pri1:42", "failed", .text("pri1:42")),
            ("stage::x", "stage", .text(":x")),
            ("route:süd", "route", .text("süd")),
            ("route:\u{301}s", "route", .text("\u{301}s")),
            ("plain", "plain", nil),
        ] as [(String, String, SignalCommand.Argument?)]
    )
    func aTextIsTakenApartAtItsFirstColon(_ text: String, _ name: String, _ argument: SignalCommand.Argument?) {
        let command = SignalCommand(text)
        #expect(command?.name == name)
        #expect(command?.argument == argument)
    }

    @Test(arguments: ["", ":", "a:", ":a", "::"])
    func whatLacksANameOrAnArgumentIsNoCommand(_ text: String) {
        #expect(SignalCommand(text) == nil)
    }

    @Test func theArgumentIsReadAsOneKindOnly() throws {
        let time = try #require(SignalCommand("a:5s"))
        #expect(time.duration == .seconds(5))
        #expect(time.integer == nil && time.text == nil)
        let number = try #require(SignalCommand("a:5"))
        #expect(number.integer == 5)
        #expect(number.duration == nil && number.text == nil)
        let text = try #require(SignalCommand("a:five"))
        #expect(text.text == "five")
        #expect(text.duration == nil && text.integer == nil)
    }

    @Test func anEventKnowsItsCommand() {
        let sink = SignalSink(time: ManualClock())
        sink.raise("rate-limit:500ms")
        #expect(sink.signals().first?.command?.duration == .milliseconds(500))
    }
}
