extension WorkCoordinator {
    /// Adds an item under an identity of the caller's, for types whose operations are more than one run of a body.
    ///
    /// An identity may come again once its former operation has ended; while both are visible, questions by identity are
    /// answered for one of them.
    ///
    /// - Parameters:
    ///   - item: What the body will get.
    ///   - id: The identity of the operation.
    /// - Returns: Whether it was accepted; `false` when the queue is full or no more input is taken.
    package func tryEnqueue(_ item: Item, as id: OperationID) -> Bool {
        let ticket = Ticket(id: id, enqueuedAt: engine.base.now)
        let entry = QueueEntry(item: item, route: Unrouted(), ticket: ticket)
        guard let isAdmitted = try? engine.isAdmitted(entry) else { return false }
        return isAdmitted || engine.tryEnqueueWithSecondLook(entry) != nil
    }
}
