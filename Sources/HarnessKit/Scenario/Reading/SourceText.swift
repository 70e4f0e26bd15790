/// A place in a text: line and column from 1, columns counted in Unicode scalars.
public struct SourcePosition: Sendable, Hashable, Comparable {
    /// From 1.
    public var line: Int
    /// In Unicode scalars, from 1.
    public var column: Int

    /// Creates a place.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// Whether a place comes before another.
    public static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// The bytes of a file and where its lines begin.
struct SourceText: Sendable {
    let path: String
    let bytes: [UInt8]
    private let lineStarts: [Int]
    /// How many Unicode scalars begin before each multiple of ``stride``: places in long lines are found without
    /// reading the line from its beginning.
    private let scalarCounts: [Int]

    private static let stride = 1024

    init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
        var starts = [0]
        var counts: [Int] = []
        var scalars = 0
        for (index, byte) in bytes.enumerated() {
            if index % Self.stride == 0 { counts.append(scalars) }
            if byte.beginsScalar { scalars += 1 }
            guard byte <= UInt8(ascii: "\r") else { continue }
            let isReturn = byte == UInt8(ascii: "\r")
            let isPair = isReturn && index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "\n")
            if byte == UInt8(ascii: "\n") || (isReturn && !isPair) { starts.append(index + 1) }
        }
        lineStarts = starts
        scalarCounts = counts
    }

    /// The line and column of a byte offset.
    func position(at offset: Int) -> SourcePosition {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return SourcePosition(line: low + 1, column: scalars(before: offset) - scalars(before: lineStarts[low]) + 1)
    }

    private func scalars(before offset: Int) -> Int {
        guard !bytes.isEmpty else { return 0 }
        let end = min(offset, bytes.count)
        let mark = min(end / Self.stride, scalarCounts.count - 1)
        return bytes[(mark * Self.stride)..<end].reduce(into: scalarCounts[mark]) { count, byte in
            if byte.beginsScalar { count += 1 }
        }
    }
}

extension UInt8 {
    /// Whether a byte of UTF-8 is the first of its scalar.
    fileprivate var beginsScalar: Bool { self & 0xC0 != 0x80 }
}
