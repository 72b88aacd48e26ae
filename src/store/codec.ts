/**
 * The form of a document on disk: its JSON; or, where JSON alone would lose something, `#` and the
 * JSON of a copy in which strings that begin with `#` stand for bigints (`#123`), for undefined
 * (`#u`), for bytes (`#b` and their base64) and, doubled, for themselves (`##…`).
 */
export const MARK = '#'
const UNDEFINED = '#u'
const BYTES = 'b'

// Deeper than any document; a cycle ends here instead of in a stack overflow.
const MAX_DEPTH = 64

/** 0: JSON holds it exactly; 1: it needs marks; 2: it cannot be stored. */
type Verdict = 0 | 1 | 2

/**
 * Returns the text of a document: null, booleans, finite numbers, strings, bigints, undefined, bytes
 * (Uint8Array), and arrays and plain objects of these. It reads back equal (−0 as 0).
 * @throws TypeError that names the document and the place of anything else, such as NaN or a Map.
 */
export function encode(key: string, value: unknown): string {
  const verdict = examine(value, 0)
  if (verdict === 0) return JSON.stringify(value)
  if (verdict === 1) return MARK + JSON.stringify(marked(value))
  throw new TypeError(`the document ${key} cannot be stored: ${complaint(value, '', 0)}`)
}

/**
 * Returns the document of a text that `encode` made.
 * @throws SyntaxError when the text is not one.
 */
export function decode(text: string): unknown {
  return text.startsWith(MARK) ? unmarked(JSON.parse(text.slice(1))) : JSON.parse(text)
}

// A walk of its own and then a bare JSON.stringify: a replacer function costs several times both.
function examine(value: unknown, depth: number): Verdict {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return 0
    case 'number':
      return Number.isFinite(value) ? 0 : 2
    case 'bigint':
    case 'undefined':
      return 1
    case 'object':
      return value === null ? 0 : examineInner(value, depth)
    default:
      return 2
  }
}

function examineInner(value: object, depth: number): Verdict {
  if (value instanceof Uint8Array) return 1
  if (depth >= MAX_DEPTH) return 2
  const array = Array.isArray(value)
  if (!array && !isPlain(value)) return 2
  let worst: Verdict = 0
  // Holes of an array are read as undefined by the index, and are undefined when they come back.
  const length = array ? value.length : 0
  for (let i = 0; i < length; i++) {
    const verdict = examine((value as readonly unknown[])[i], depth + 1)
    if (verdict === 2) return 2
    if (verdict > worst) worst = verdict
  }
  if (array) return worst
  for (const name in value) {
    const verdict =
      name === '__proto__' ? 2 : examine((value as Record<string, unknown>)[name], depth + 1)
    if (verdict === 2) return 2
    if (verdict > worst) worst = verdict
  }
  return worst
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function marked(value: unknown): unknown {
  if (typeof value === 'bigint') return `${MARK}${value}`
  if (value === undefined) return UNDEFINED
  if (typeof value === 'string') return value.startsWith(MARK) ? MARK + value : value
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) {
    const { buffer, byteOffset, byteLength } = value
    return MARK + BYTES + Buffer.from(buffer, byteOffset, byteLength).toString('base64')
  }
  if (Array.isArray(value)) return Array.from(value, marked)
  const copy: Record<string, unknown> = {}
  for (const [name, inner] of Object.entries(value)) copy[name] = marked(inner)
  return copy
}

function unmarked(value: unknown): unknown {
  if (typeof value === 'string') return value.startsWith(MARK) ? unmarkedText(value) : value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = unmarked(value[i])
    return value
  }
  const record = value as Record<string, unknown>
  for (const name in record) record[name] = unmarked(record[name])
  return record
}

function unmarkedText(text: string): unknown {
  if (text === UNDEFINED) return undefined
  if (text.startsWith(MARK, 1)) return text.slice(1)
  // A copy: a small Buffer lies somewhere within a shared one.
  if (text.startsWith(BYTES, 1)) return new Uint8Array(Buffer.from(text.slice(2), 'base64'))
  return BigInt(text.slice(1))
}

function complaint(value: unknown, path: string, depth: number): string | undefined {
  if (examine(value, depth) !== 2) return undefined
  const at = path === '' ? 'it' : path
  if (typeof value !== 'object' || value === null) return `${at} is ${nameOf(value)}`
  if (depth >= MAX_DEPTH) return `${at} is nested too deeply, or within itself`
  if (!Array.isArray(value) && !isPlain(value)) return `${at} is a ${nameOf(value)}`
  if (Object.hasOwn(value, '__proto__')) return `${at} has a member named __proto__`
  for (const [name, inner] of Object.entries(value)) {
    const found = complaint(inner, path === '' ? name : `${path}.${name}`, depth + 1)
    if (found) return found
  }
  return `${at} holds what JSON does not`
}

function nameOf(value: unknown): string {
  if (typeof value === 'object' && value !== null)
    return value.constructor?.name ?? 'foreign object'
  return typeof value === 'number' ? String(value) : `a ${typeof value}`
}
