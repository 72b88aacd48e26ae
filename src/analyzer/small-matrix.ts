/**
 * The two things that the estimate needs of linear algebra, on symmetric positive definite matrices
 * of a handful of rows (row by row in one array), by Cholesky's decomposition.
 */

/** Returns x of A x = b. */
export function solve(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const lower = cholesky(a, size)
  return backward(lower, forward(lower, b, size), size)
}

/** Returns R with R Rᵀ = A⁻¹: what turns independent normal numbers into ones of covariance A⁻¹. */
export function symmetricInverseRoot(a: Float64Array, size: number): Float64Array {
  const lower = cholesky(a, size)
  const root = new Float64Array(size * size)
  for (let column = 0; column < size; column++) {
    const unit = new Float64Array(size)
    unit[column] = 1
    const solved = backward(lower, unit, size)
    for (let row = 0; row < size; row++) root[row * size + column] = solved[row] ?? 0
  }
  return root
}

/**
 * Returns L with L Lᵀ = A.
 * @throws RangeError when the matrix is not positive definite.
 */
function cholesky(a: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * size + j] ?? 0
      for (let k = 0; k < j; k++) sum -= (lower[i * size + k] ?? 0) * (lower[j * size + k] ?? 0)
      if (i === j && !(sum > 0)) throw new RangeError('the matrix is not positive definite')
      lower[i * size + j] = i === j ? Math.sqrt(sum) : sum / (lower[j * size + j] ?? 1)
    }
  }
  return lower
}

/** Solves L y = b. */
function forward(lower: Float64Array, b: Float64Array, size: number): Float64Array {
  const y = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    let sum = b[i] ?? 0
    for (let k = 0; k < i; k++) sum -= (lower[i * size + k] ?? 0) * (y[k] ?? 0)
    y[i] = sum / (lower[i * size + i] ?? 1)
  }
  return y
}

/** Solves Lᵀ x = y. */
function backward(lower: Float64Array, y: Float64Array, size: number): Float64Array {
  const x = new Float64Array(size)
  for (let i = size - 1; i >= 0; i--) {
    let sum = y[i] ?? 0
    for (let k = i + 1; k < size; k++) sum -= (lower[k * size + i] ?? 0) * (x[k] ?? 0)
    x[i] = sum / (lower[i * size + i] ?? 1)
  }
  return x
}
