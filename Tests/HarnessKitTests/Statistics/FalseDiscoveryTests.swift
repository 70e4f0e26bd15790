import HarnessKit
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FalseDiscoveryTests {
    // The example of Benjamini and Hochberg (1995), section 4.1, with the values that R's p.adjust gives for it.
    @Test func theExampleOfTheAuthorsIsAdjustedAsInR() {
        let probabilities = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
            0.7590, 1.0000,
        ]
        let adjusted = FalseDiscovery.adjusted(probabilities)
        let expected = [
            0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.0638571, 0.0638571, 0.0645, 0.0765, 0.486, 0.5811818, 0.714875,
            0.7532308, 0.8132143, 1,
        ]
        for (value, wanted) in zip(adjusted, expected) { #expect(abs(value - wanted) < 1e-6) }
        #expect(adjusted.count { $0 <= 0.05 } == 4)
    }

    @Test func theOrderOfTheTestsDoesNotMatter() {
        #expect(FalseDiscovery.adjusted([0.5, 0.01]) == [0.5, 0.02])
        #expect(FalseDiscovery.adjusted([0.01, 0.5]) == [0.02, 0.5])
        #expect(FalseDiscovery.adjusted([]) == [])
    }
}
