import HarnessKit

/// What the timeline does to the way between a run and its store.
struct StoreFaults: Sendable {
    let weather: StoreWeather
    let proxy: StoreProxy?
    /// Whether all calls go through lines of this process.
    let isLocal: Bool

    func set(_ fault: TargetFault, isOn: Bool) throws {
        if let proxy {
            switch fault.kind {
            case .stall: proxy.stall(isOn)
            case .delay: proxy.delay(by: isOn ? fault.delay : nil)
            case .cut: proxy.cut(isOn)
            case .kill: break
            }
            return
        }
        guard isLocal else {
            throw PluginOptionError(
                option: "proxy",
                message: "worker processes reach the store past this one; use a Redis store with \"proxy\": true"
            )
        }
        switch fault.kind {
        case .stall: weather.stall(isOn)
        case .delay: weather.delay(by: isOn ? fault.delay : nil)
        case .cut: weather.cut(isOn)
        case .kill: break
        }
    }
}
