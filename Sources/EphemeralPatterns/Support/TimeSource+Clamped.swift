internal import EphemeralTime

extension TimeSource {
    /// The instant so long ago; the earliest there is when that is too long.
    func instant(before duration: Duration) -> ContinuousClock.Instant {
        Timestamp(now).advanced(byNanoseconds: -max(0, duration.clampedNanoseconds)).instant
    }
}

extension ContinuousClock.Instant {
    /// The instant so much later; the latest there is when that is too much.
    func clampedAdvance(by duration: Duration) -> ContinuousClock.Instant {
        Timestamp(self).advanced(byNanoseconds: duration.clampedNanoseconds).instant
    }
}
