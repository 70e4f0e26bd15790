internal import Synchronization

/// A name that stands for one thing: two of a type are the same thing when their texts are equal.
public protocol TextIdentity: Hashable, Sendable, Codable, RawRepresentable<String>, CustomStringConvertible {}

extension TextIdentity {
    /// The text shown to people.
    public var description: String { rawValue }
}

/// The identity of a job, the same in every attempt: a processor can hand it on as an idempotency key.
public struct JobID: TextIdentity {
    /// The text.
    public let rawValue: String

    /// Takes an identity from somewhere else.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// An identity that no other job has, in this process or another.
    public static func next() -> JobID { JobID(rawValue: UniqueText.next()) }
}

/// The identity of a critical operation, the same in every attempt: the key that makes a payment happen once.
public struct EmergencyID: TextIdentity {
    /// The text.
    public let rawValue: String

    /// Takes an identity from somewhere else.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// An identity that no other operation has, in this process or another.
    public static func next() -> EmergencyID { EmergencyID(rawValue: UniqueText.next()) }
}

/// The identity of one start of a worker.
public struct WorkerID: TextIdentity {
    /// The text.
    public let rawValue: String

    /// Takes an identity from somewhere else.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// An identity that no other worker has, in this process or another.
    public static func next() -> WorkerID { WorkerID(rawValue: UniqueText.next()) }
}

/// What proves that a lease is held: every claim gets a new one, and whoever has an old one has lost the lease.
public struct LeaseToken: TextIdentity {
    /// The text.
    public let rawValue: String

    /// Takes a token from somewhere else.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// A token that was never given out.
    public static func next() -> LeaseToken { LeaseToken(rawValue: UniqueText.next()) }
}

/// Texts that do not repeat: a random number of the process and a counter, which keeps them in order within a process.
private enum UniqueText {
    private static let process = hexadecimal(UInt64.random(in: .min ... .max), digits: 16)
    private static let counter = Atomic<UInt64>(0)

    static func next() -> String {
        process + hexadecimal(counter.wrappingAdd(1, ordering: .relaxed).newValue, digits: 12)
    }

    private static func hexadecimal(_ value: UInt64, digits: Int) -> String {
        let bytes = (0..<digits).map { place -> UInt8 in
            let digit = UInt8(truncatingIfNeeded: value >> UInt64(4 * (digits - 1 - place))) & 0xF
            return digit < 10 ? 0x30 + digit : 0x57 + digit
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
