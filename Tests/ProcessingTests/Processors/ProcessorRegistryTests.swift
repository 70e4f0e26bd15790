import Processing
import Testing

/// Names of processors.
struct ProcessorRegistryTests {
    @Test func aNameIsGivenOnce() throws {
        var processors = ProcessorRegistry()
        try processors.register("a") { (_: Int, _) in }
        #expect(throws: ProcessingError(code: .invalidArgument, message: "")) {
            try processors.register("a") { (_: Int, _) in }
        }
        #expect(throws: ProcessingError(code: .invalidArgument, message: "")) {
            try processors.register("") { (_: Int, _) in }
        }
        #expect(processors.names == ["a"])
    }

    @Test func errorsSayWhatHappenedAndWhatIsKnown() async throws {
        var processors = ProcessorRegistry()
        try processors.register("mail.send") { (_: Int, _) in }
        let manager = try ProcessingManager(store: MemoryProcessingStore(), processors: processors)
        let error = await #expect(throws: ProcessingError.self) {
            try await manager.processCritical(1, processor: "mail.sned")
        }
        #expect(
            error?.description == "unknownProcessor: no processor is registered under 'mail.sned' (registered are "
                + "mail.send); register it before work on it begins"
        )
    }
}
