/**
 * Returns the value below which a share of the values lies, between two of them in proportion; NaN
 * when there are none.
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const place = share * (sorted.length - 1)
  const below = sorted[Math.floor(place)] ?? Number.NaN
  const above = sorted[Math.ceil(place)] ?? Number.NaN
  return below + (above - below) * (place - Math.floor(place))
}

/** Returns the mean; NaN when there are no values. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Returns Spearman's rank correlation of pairs; undefined when all of one side are equal. */
export function spearman(pairs: readonly (readonly [number, number])[]): number | undefined {
  const a = ranks(pairs.map(([x]) => x))
  const b = ranks(pairs.map(([, y]) => y))
  const middle = (pairs.length - 1) / 2
  const product = (xs: readonly number[], ys: readonly number[]): number =>
    xs.reduce((sum, x, i) => sum + (x - middle) * ((ys[i] ?? middle) - middle), 0)
  const spread = Math.sqrt(product(a, a) * product(b, b))
  return spread === 0 ? undefined : product(a, b) / spread
}

// Equal values share the middle of their places.
function ranks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length
    const equal = values.filter((other) => other === value).length
    return below + (equal - 1) / 2
  })
}
