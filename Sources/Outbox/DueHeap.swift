import Values

/// A binary heap of what is due when; ties leave in the order they were added.
struct DueHeap: Sendable {
    struct Item: Sendable {
        var due: Instant
        var ticket: DeliveryLanes.Ticket

        func isBefore(_ other: Item) -> Bool { due == other.due ? ticket.sequence < other.ticket.sequence : due < other.due }
    }

    private var items: [Item] = []

    var first: Item? { items.first }

    mutating func insert(_ item: Item) {
        items.append(item)
        var child = items.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard items[child].isBefore(items[parent]) else { return }
            items.swapAt(child, parent)
            child = parent
        }
    }

    mutating func removeFirst() {
        guard let last = items.popLast(), !items.isEmpty else { return }
        items[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in (2 * parent + 1)...(2 * parent + 2) where child < items.count && items[child].isBefore(items[least]) {
                least = child
            }
            guard least != parent else { return }
            items.swapAt(parent, least)
            parent = least
        }
    }
}
