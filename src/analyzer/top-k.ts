/** Negative when `a` comes before `b`, as for sorting. */
export type Order<T> = (a: T, b: T) => number

/**
 * Returns the first `k` items in an order, as sorting them all would: a heap of `k` with the last of
 * them on top, so that 10,000 channels cost 10,000 comparisons and few moves.
 */
export function topK<T>(items: Iterable<T>, k: number, order: Order<T>): T[] {
  const heap: T[] = []
  if (k <= 0) return heap
  for (const item of items) {
    if (heap.length < k) {
      heap.push(item)
      siftUp(heap, order)
    } else if (order(item, heap[0] as T) < 0) {
      heap[0] = item
      siftDown(heap, order)
    }
  }
  return heap.sort(order)
}

function siftUp<T>(heap: T[], order: Order<T>): void {
  let at = heap.length - 1
  while (at > 0) {
    const parent = (at - 1) >> 1
    if (order(heap[at] as T, heap[parent] as T) <= 0) return
    swap(heap, at, parent)
    at = parent
  }
}

function siftDown<T>(heap: T[], order: Order<T>): void {
  let at = 0
  for (;;) {
    let last = at
    for (const child of [2 * at + 1, 2 * at + 2]) {
      if (child < heap.length && order(heap[child] as T, heap[last] as T) > 0) last = child
    }
    if (last === at) return
    swap(heap, at, last)
    at = last
  }
}

function swap<T>(heap: T[], a: number, b: number): void {
  const item = heap[a] as T
  heap[a] = heap[b] as T
  heap[b] = item
}
