import HarnessKit

extension EnvironmentInfo {
    /// The machine and the build in one line.
    var line: String {
        let memory = QuantityText.bytes(Double(memoryBytes))
        let load = NumberText.fixed(load, decimals: 2)
        return PlainText.line(
            "\(cpu), \(PlainText.counted(cores, "core")), \(memory), \(kernel), \(swift), \(build) build, load \(load)"
        )
    }
}
