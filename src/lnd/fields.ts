import type { Scid } from '../lightning/scid.ts'
import { scidFromChanId } from '../lightning/scid.ts'

/**
 * A message of LND as an object: what proto-loader makes of the wire (bigint integers, every field
 * present) or what LND's REST gateway and lncli print (string or number integers, zeros perhaps
 * absent). The functions here read both and throw an Error that names a bad field.
 */
export type Fields = Readonly<Record<string, unknown>>

const MAX_UINT64 = 2n ** 64n - 1n

/**
 * Returns the value as a message.
 * @throws Error when it is not an object.
 */
export function fieldsOf(value: unknown, name: string): Fields {
  if (!isFields(value)) throw new Error(`${name}: an object is expected, got ${shown(value)}`)
  return value
}

/** Returns a sub-message, or undefined where it is absent or null. */
export function message(fields: Fields, name: string): Fields | undefined {
  const value = fields[name]
  return value === undefined || value === null ? undefined : fieldsOf(value, name)
}

/** Returns the messages of a repeated field; none where it is absent. */
export function messages(fields: Fields, name: string): readonly Fields[] {
  return list(fields, name).map((item, index) => fieldsOf(item, `${name}[${index}]`))
}

/** Returns a repeated field; empty where it is absent. */
export function list(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name] ?? []
  if (!Array.isArray(value)) throw new Error(`${name}: a list is expected, got ${shown(value)}`)
  return value
}

/** Returns a text field; empty where it is absent. */
export function text(fields: Fields, name: string): string {
  const value = fields[name] ?? ''
  if (typeof value !== 'string') throw new Error(`${name}: a text is expected, got ${shown(value)}`)
  return value
}

/** Returns a bool field; false where it is absent. */
export function flag(fields: Fields, name: string): boolean {
  const value = fields[name] ?? false
  if (typeof value !== 'boolean')
    throw new Error(`${name}: true or false is expected, got ${shown(value)}`)
  return value
}

/** Returns an integer field of any size, exactly; 0n where it is absent. */
export function big(fields: Fields, name: string): bigint {
  return bigOf(fields[name] ?? 0n, name)
}

/** Returns an integer field as a double, which is exact up to 2^53; 0 where it is absent. */
export function int(fields: Fields, name: string): number {
  const value = fields[name] ?? 0
  return Number.isSafeInteger(value) ? Number(value) : Number(bigOf(value, name))
}

/** Returns an unsigned integer field as a double; 0 where it is absent. */
export function uint(fields: Fields, name: string): number {
  const value = int(fields, name)
  if (value < 0) throw new Error(`${name}: a negative number: ${value}`)
  return value
}

/** Returns a channel id field (a uint64); undefined where it is absent or 0. */
export function scid(fields: Fields, name: string): Scid | undefined {
  return scidOf(fields[name] ?? 0n, name)
}

/** Returns the short channel id of one uint64; undefined for 0. */
export function scidOf(value: unknown, name: string): Scid | undefined {
  const chanId = bigOf(value, name)
  if (chanId < 0n || chanId > MAX_UINT64) throw new Error(`${name}: not a uint64: ${chanId}`)
  return chanId === 0n ? undefined : scidFromChanId(chanId)
}

function bigOf(value: unknown, name: string): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'string' && /^-?\d{1,20}$/.test(value)) return BigInt(value)
  if (Number.isSafeInteger(value)) return BigInt(Number(value))
  if (typeof value === 'number' && Number.isInteger(value))
    throw new Error(`${name}: ${value} is past 2^53 and so no longer exact: it must be a text`)
  throw new Error(`${name}: a whole number is expected, got ${shown(value)}`)
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40))
  return typeof value === 'object' && value !== null ? 'something else' : String(value)
}
