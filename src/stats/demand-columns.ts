import { failureClass, mayHaveCost } from '../lightning/failure.ts'
import { refusedSize, type Session, type SessionClass } from './session.ts'

/** What a row's flags say. Stable on disk. */
export const FLAGS = {
  /** The first row of its session. */
  lead: 1,
  /** The session's first attempt was forwarded: an own trial. */
  trial: 2,
  liquidity: 4,
  search: 8,
  ignored: 16,
  /** The class of its figure that counts, one that can have cost something, with known amounts. */
  money: 32,
  /** A change of our own policy explains it. */
  excused: 64,
} as const

/** A session's refusals of one class, or a session without any (failure code −1). Float64 msat. */
export type DemandRow = {
  /** Epoch ms of the session's first and last attempt. */
  at: number
  lastAt: number
  wholeMsat: number
  /** What was refused: the largest part as often as it came at once, never the sum over retries. */
  sizeMsat: number
  /** The highest fee offered, for the refused size. */
  feeMsat: number
  /** Fees offered over all attempts of the class. */
  offeredMsat: number
  peer: number
  fromPeer: number
  /** Channels by serial: asked for and brought by the best offer; asked for by the first refusal. */
  asked: number
  from: number
  firstRefused: number
  failureCode: number
  attempts: number
  /** Share of the whole amount that settled; above 1 when parts were many. */
  settledShare: number
  /** Forwards that failed downstream in the usual time. */
  failed: number
  flags: number
  /** What the last analysis expected of it, and the variance (msat²); 0 before. */
  expected: number
  variance: number
}

/** The failure code of the one row of a session that was not refused. */
export const NO_REFUSAL = -1

type TypedArray = Float64Array | Float32Array | Uint32Array | Int32Array | Uint16Array | Uint8Array

// Wide columns first, so that each begins at a multiple of its width: 91 bytes a row. The order is
// the form on disk.
const LAYOUT = [
  ['at', Float64Array],
  ['lastAt', Float64Array],
  ['wholeMsat', Float64Array],
  ['sizeMsat', Float64Array],
  ['feeMsat', Float64Array],
  ['offeredMsat', Float64Array],
  ['expected', Float32Array],
  ['variance', Float32Array],
  ['settledShare', Float32Array],
  ['peer', Uint32Array],
  ['fromPeer', Uint32Array],
  ['asked', Uint32Array],
  ['from', Uint32Array],
  ['firstRefused', Uint32Array],
  ['attempts', Uint32Array],
  ['failureCode', Int32Array],
  ['failed', Uint16Array],
  ['flags', Uint8Array],
] as const

const NAMES = LAYOUT.map(([name]) => name)
const ROW_BYTES = LAYOUT.reduce((sum, [, { BYTES_PER_ELEMENT }]) => sum + BYTES_PER_ELEMENT, 0)

/** 512 rows, column by column, in one buffer: the unit that is saved (47 KB). */
export class Columns {
  static readonly ROWS = 512
  readonly bytes: Uint8Array
  readonly cells: Readonly<Record<keyof DemandRow, TypedArray>>

  /**
   * Makes empty rows, or those that `bytes` were.
   * @throws RangeError when the bytes are not those of 512 rows.
   */
  constructor(bytes: Uint8Array = new Uint8Array(ROW_BYTES * Columns.ROWS)) {
    if (bytes.length !== ROW_BYTES * Columns.ROWS) {
      throw new RangeError(`${bytes.length} bytes are not ${Columns.ROWS} remembered demands`)
    }
    // A copy of its own: the columns must begin at the start of a buffer.
    this.bytes = bytes.byteOffset === 0 ? bytes : bytes.slice()
    let offset = 0
    const cells: Partial<Record<keyof DemandRow, TypedArray>> = {}
    for (const [name, Type] of LAYOUT) {
      cells[name] = new Type(this.bytes.buffer as ArrayBuffer, offset, Columns.ROWS)
      offset += Type.BYTES_PER_ELEMENT * Columns.ROWS
    }
    this.cells = cells as Record<keyof DemandRow, TypedArray>
  }

  read(at: number): DemandRow {
    const row: Partial<DemandRow> = {}
    for (const name of NAMES) row[name] = this.cells[name][at] ?? 0
    return row as DemandRow
  }

  write(at: number, row: DemandRow): void {
    for (const name of NAMES) this.cells[name][at] = row[name]
  }
}

/** Returns the rows of a session: one for each class refused, or one. */
export function rowsOf(session: Session): DemandRow[] {
  const rows = session.classes.map((one) => refusedRow(session, one))
  if (rows.length === 0) rows.push(baseRow(session))
  const [lead] = rows
  if (lead) lead.flags |= FLAGS.lead
  for (const isLiquidity of [true, false]) markMoney(rows, isLiquidity)
  return rows
}

// A buyer refused for two reasons of one figure is one loss: that of the best offer.
function markMoney(rows: readonly DemandRow[], isLiquidity: boolean): void {
  const [best] = rows
    .filter(
      ({ sizeMsat, failureCode, flags }) =>
        sizeMsat > 0 &&
        ((flags & FLAGS.liquidity) !== 0) === isLiquidity &&
        mayHaveCost(failureClass(failureCode)),
    )
    .sort((a, b) => b.feeMsat - a.feeMsat)
  if (best) best.flags |= FLAGS.money
}

function baseRow(session: Session): DemandRow {
  const whole = session.wholeMsat
  return {
    at: session.firstAt,
    lastAt: session.lastAt,
    wholeMsat: whole,
    sizeMsat: 0,
    feeMsat: 0,
    offeredMsat: 0,
    peer: session.peer,
    fromPeer: session.fromPeer,
    asked: 0,
    from: session.from,
    firstRefused: session.firstRefused,
    failureCode: NO_REFUSAL,
    attempts: 0,
    settledShare: whole > 0 ? session.settledMsat / whole : 0,
    // A column of 16 bits: a session of that many failures has no chance left in any case.
    failed: Math.min(session.failed, 65_535),
    // While its first attempt is on its way nobody knows how it ends.
    flags: (isTrialOver(session) ? FLAGS.trial : 0) | (session.isSearch ? FLAGS.search : 0),
    expected: 0,
    variance: 0,
  }
}

function refusedRow(session: Session, one: SessionClass): DemandRow {
  const row = baseRow(session)
  const size = refusedSize(session, one) * session.wholeMsat
  return {
    ...row,
    sizeMsat: Math.round(size),
    feeMsat: one.bestMsat > 0 ? Math.round(one.bestFeeMsat * (size / one.bestMsat)) : 0,
    offeredMsat: one.offeredMsat,
    fromPeer: one.fromPeer || row.fromPeer,
    asked: one.asked,
    from: one.from || row.from,
    failureCode: one.failureCode,
    attempts: one.attempts,
    flags: row.flags | (one.isLiquidity ? FLAGS.liquidity : 0),
  }
}

function isTrialOver({ isTrial, firstKey, pending }: Session): boolean {
  return isTrial && (firstKey === undefined || !pending.includes(firstKey))
}

/** Returns what was wanted and did not pass, and the fee for it: less what settled after all. */
export function unserved({ sizeMsat, feeMsat, settledShare, wholeMsat }: DemandRow): {
  wantedMsat: number
  feeMsat: number
} {
  if (sizeMsat <= 0) return { wantedMsat: 0, feeMsat: 0 }
  const left = Math.max(0, sizeMsat - settledShare * wholeMsat)
  return { wantedMsat: Math.round(left), feeMsat: Math.round(feeMsat * (left / sizeMsat)) }
}
