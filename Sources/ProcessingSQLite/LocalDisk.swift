internal import Foundation
internal import Processing

/// File systems whose locks and syncs SQLite can trust.
enum LocalDisk {
    private static let networks: Set<Substring> = [
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "fuse.sshfs", "fuse.glusterfs",
    ]

    /// Refuses a file on a network file system.
    static func require(_ path: String) throws {
        // A machine that does not tell of its mounts is trusted.
        guard let mounts = try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8) else { return }
        guard let network = network(of: URL(fileURLWithPath: path).resolvingSymlinksInPath().path, mounts: mounts)
        else {
            return
        }
        throw ProcessingError(
            code: .storeRefused,
            message:
                "'\(path)' is on a file system of type \(network), whose locks do not protect a database; use a local "
                + "disk, or the Redis store for several machines"
        )
    }

    /// The type of the network file system that holds a file; `nil` when it is on a local one.
    static func network(of path: String, mounts: String) -> String? {
        var best: (length: Int, type: Substring)?
        for line in mounts.split(separator: "\n") {
            // "36 35 98:0 /root /mount/point options - type source options"; spaces in a path are written \040.
            let fields = line.split(separator: " ")
            guard fields.count > 5, let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count else { continue }
            let point = fields[4].replacingOccurrences(of: "\\040", with: " ")
            let isAbove = point == "/" || path == point || path.hasPrefix(point + "/")
            // Of several mounts at one place the last one is seen.
            guard isAbove, point.utf8.count >= best?.length ?? 0 else { continue }
            best = (point.utf8.count, fields[dash + 1])
        }
        guard let type = best?.type, networks.contains(type) else { return nil }
        return String(type)
    }
}
