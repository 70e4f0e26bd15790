extension EnvironmentInfo {
    /// What makes figures of two environments incomparable, one sentence each.
    ///
    /// - Parameters:
    ///   - other: Another environment.
    ///   - names: What the reader knows the two by.
    /// - Returns: Nothing where machine, toolchain and build are alike.
    public func differences(from other: EnvironmentInfo, names: (String, String)) -> [String] {
        let pairs: [(String, String, String)] = [
            ("CPU", cpu, other.cpu), ("cores", "\(cores)", "\(other.cores)"), ("kernel", kernel, other.kernel),
            ("Swift", swift, other.swift), ("build", build, other.build), ("allocator", allocator, other.allocator),
        ]
        return pairs.filter { $0.1 != $0.2 }.map { what, own, others in
            "\(what): \(names.0) has \(own), \(names.1) has \(others)"
        }
    }

    /// What figures depend on, in a few words: a machine with its toolchain and build.
    public var fingerprint: String {
        "\(cpu), \(cores) cores, Swift \(swift), \(build) build, \(allocator) allocator"
    }
}
