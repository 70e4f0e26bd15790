import HarnessKit
import Testing

@Suite(.timeLimit(.minutes(1)))
struct StudentTTests {
    // From the printed tables of two-sided 95 %.
    @Test(arguments: [(1, 12.7062), (2, 4.3027), (4, 2.7764), (7, 2.3646), (11, 2.2010), (30, 2.0423), (999, 1.9623)])
    func theQuantilesAreThoseOfTheTable(degrees: Int, value: Double) {
        #expect(abs(StudentT.value(exceededWith: 0.025, degreesOfFreedom: degrees) - value) < 1e-4)
    }

    @Test func theTailsAddUp() {
        #expect(StudentT.upperTail(0, degreesOfFreedom: 3) == 0.5)
        for degrees in [1, 2, 5, 6] {
            let sum =
                StudentT.upperTail(1.7, degreesOfFreedom: degrees) + StudentT.upperTail(-1.7, degreesOfFreedom: degrees)
            #expect(abs(sum - 1) < 1e-12)
        }
        #expect(StudentT.upperTail(.infinity, degreesOfFreedom: 4) < 1e-12)
    }
}
