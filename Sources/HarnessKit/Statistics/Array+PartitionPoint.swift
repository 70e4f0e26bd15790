extension Array {
    /// The place of the first element that satisfies a condition which all later ones satisfy too.
    func partitionPoint(_ isPast: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isPast(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
