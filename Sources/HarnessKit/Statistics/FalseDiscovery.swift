/// Keeps many tests at once from finding what is not there.
public enum FalseDiscovery {
    /// Probabilities adjusted for the number of tests (Benjamini and Hochberg 1995).
    ///
    /// Of the tests whose adjusted value is at most *q*, on average at most a share *q* found nothing real.
    ///
    /// - Parameter probabilities: One p-value per test, in any order.
    /// - Returns: The adjusted values in the same order.
    public static func adjusted(_ probabilities: [Double]) -> [Double] {
        let count = Double(probabilities.count)
        let order = probabilities.indices.sorted { probabilities[$0] > probabilities[$1] }
        var adjusted = probabilities
        var least = 1.0
        for (place, index) in order.enumerated() {
            let rank = count - Double(place)
            least = min(least, probabilities[index] * count / rank)
            adjusted[index] = least
        }
        return adjusted
    }
}
