/**
 * A short channel id as `BLOCKxTXxOUTPUT`, the only form of a channel id inside the program. LND's
 * uint64 form (`chanId`) exists at the edges alone and never as a JavaScript number: real ids are
 * near 9·10^17 and alias ids above 2^63, both past what a double holds.
 */
export type Scid = `${number}x${number}x${number}`

const MAX_BLOCK = 0xffffff
const MAX_TX = 0xffffff
const MAX_OUTPUT = 0xffff
const MAX_CHAN_ID = 2n ** 64n - 1n

/** Returns the short channel id of LND's uint64 (`block << 40 | tx << 16 | output`). */
export function scidFromChanId(chanId: bigint): Scid {
  const block = Number(chanId >> 40n)
  const tx = Number((chanId >> 16n) & 0xffffffn)
  return `${block}x${tx}x${Number(chanId & 0xffffn)}`
}

/** Returns the short channel id of a uint64 given as two unsigned 32-bit halves. */
export function scidFromHalves(high: number, low: number): Scid {
  const tx = ((high & 0xff) << 16) | (low >>> 16)
  return `${high >>> 8}x${tx}x${low & 0xffff}`
}

/** Returns LND's uint64 form of a short channel id, in 0 … 2^64 − 1. */
export function chanIdFromScid(scid: Scid): bigint {
  const [block = '0', tx = '0', output = '0'] = scid.split('x')
  return (BigInt(block) << 40n) | (BigInt(tx) << 16n) | BigInt(output)
}

/**
 * Reads a short channel id in any notation that an operator may paste: `800123x45x1`,
 * `800123:45:1` or the decimal uint64. Returns undefined for anything else, zero included.
 */
export function parseScid(text: string): Scid | undefined {
  const parts = /^(\d{1,8})[x:](\d{1,8})[x:](\d{1,5})$/i.exec(text.trim())
  if (parts) return fromParts(Number(parts[1]), Number(parts[2]), Number(parts[3]))
  return /^\d{1,20}$/.test(text.trim()) ? parseChanId(text.trim()) : undefined
}

function fromParts(block: number, tx: number, output: number): Scid | undefined {
  if (block > MAX_BLOCK || tx > MAX_TX || output > MAX_OUTPUT) return undefined
  return block === 0 && tx === 0 && output === 0 ? undefined : `${block}x${tx}x${output}`
}

function parseChanId(digits: string): Scid | undefined {
  const chanId = BigInt(digits)
  return chanId === 0n || chanId > MAX_CHAN_ID ? undefined : scidFromChanId(chanId)
}
