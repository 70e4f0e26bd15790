/// The few events of a history that show how an invariant was violated, in their order.
public struct CounterExample: Codable, Sendable, Equatable {
    /// The events, oldest first.
    public var events: [Event]
    /// How many further events belong to it.
    public var omitted: Int

    /// One event in words.
    public struct Event: Codable, Sendable, Equatable {
        /// Seconds from the start of the run.
        public var time: Double
        /// What happened, as ``HistoryEvent/Kind`` names it.
        public var event: String
        /// To what: `#7`, or a signal in quotes.
        public var subject: String
        /// Key, lane, attempt and error, as far as there are any.
        public var detail: String

        /// Creates an event.
        public init(time: Double, event: String, subject: String, detail: String) {
            self.time = time
            self.event = event
            self.subject = subject
            self.detail = detail
        }
    }

    /// Creates a counter-example.
    public init(events: [Event], omitted: Int = 0) {
        self.events = events
        self.omitted = omitted
    }
}
