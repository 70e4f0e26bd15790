import Foundation
import HarnessKit
import Processing

extension DeadLetter {
    /// The operation of the run whose job it is; `nil` when the job is of something else.
    var operation: HarnessKit.Operation? {
        try? JSONDecoder().decode(OperationPayload.self, from: Data(job.payload)).operation
    }
}
