import { MSAT_PER_SAT } from '../lightning/msat.ts'
import { hourCycleOf, isMonthFirst, separatorsOf, whole } from './locale.ts'
import { HIDDEN, isPrivate, reader } from './reader.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/** Returns an amount in sat: `1,234 sat`, below ten sat with its fraction (`0.012 sat`). */
export function sat(msat: bigint): string {
  return `${satNumber(msat)} sat`
}

/** Returns the figure of `sat` without its unit. */
export function satNumber(msat: bigint): string {
  if (isPrivate()) return HIDDEN
  const sign = msat < 0n ? '-' : ''
  const size = msat < 0n ? -msat : msat
  if (size === 0n || size >= 10n * MSAT_PER_SAT) return sign + thousands(roundToSat(size))
  const fraction = (size % MSAT_PER_SAT).toString().padStart(3, '0').replace(/0+$/, '')
  return `${sign}${size / MSAT_PER_SAT}${fraction && decimals(fraction)}`
}

/** Returns an amount in at most five characters and the unit: `840 sat`, `120k sat`, `1.2M sat`. */
export function shortSat(msat: bigint): string {
  return `${shortNumber(msat)} sat`
}

/** Returns the figure of `shortSat` without its unit; below ten thousand sat it is `satNumber`. */
export function shortNumber(msat: bigint): string {
  const rounded = roundToSat(msat < 0n ? -msat : msat)
  if (isPrivate() || rounded < 10_000n) return satNumber(msat)
  return `${msat < 0n ? '-' : ''}${inUnits(rounded)}`
}

/** Returns a count in at most five characters: `840`, `12k`. */
export function shortCount(value: number): string {
  return value < 10_000 ? count(value) : inUnits(BigInt(Math.round(value)))
}

function inUnits(rounded: bigint): string {
  const unit = UNITS.find(({ from }) => rounded >= from) ?? SMALLEST_UNIT
  const tenths = (rounded * 10n + unit.size / 2n) / unit.size
  const digit = tenths < 1000n && tenths % 10n !== 0n ? decimals(String(tenths % 10n)) : ''
  return `${thousands(tenths / 10n)}${digit}${unit.letter}`
}

const SMALLEST_UNIT = { from: 10_000n, size: 1_000n, letter: 'k' }
const UNITS = [
  { from: 10_000_000_000n, size: 1_000_000_000n, letter: 'G' },
  { from: 1_000_000n, size: 1_000_000n, letter: 'M' },
  SMALLEST_UNIT,
]

/** Returns the figure of an estimate without its unit, to two digits: `420`, `1,200`, `12k`, `<1`. */
export function about(msat: bigint): string {
  if (isPrivate()) return HIDDEN
  const rounded = roundToSat(msat)
  if (rounded === 0n && msat > 0n) return '<1'
  const step = secondDigit(rounded)
  return shortNumber(((rounded + step / 2n) / step) * step * MSAT_PER_SAT)
}

/** Returns an estimated ceiling, which is never rounded up, to two digits: `5,500 sat` of 5,599. */
export function upTo(msat: bigint): string {
  const whole = msat / MSAT_PER_SAT
  return shortSat((whole - (whole % secondDigit(whole))) * MSAT_PER_SAT)
}

/** Returns what the second digit of a figure counts; of one of a single digit what that counts. */
function secondDigit(figure: bigint): bigint {
  let step = 1n
  while (figure >= 100n * step) step *= 10n
  return step
}

/** Returns the fees offered on refusals, the upper bound that they are: `≤ 12 sat`. */
export function atMost(offeredMsat: bigint): string {
  // Nothing offered at all means that LND gave no amounts: a real attempt offers something.
  return offeredMsat === 0n ? 'fee unknown' : `≤ ${sat(offeredMsat)}`
}

/** Returns `≤ 12 sat of fees`, or that none are known. */
export function feesOf(offeredMsat: bigint): string {
  return offeredMsat === 0n ? 'fees unknown' : `${atMost(offeredMsat)} of fees`
}

/** Returns a count with thousands separators. */
export function count(value: number): string {
  return thousands(BigInt(Math.round(value)))
}

/** Returns a count with its noun: `1 attempt`, `2 attempts`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

/** Returns which rows of a list a page shows: `9–16`, or `17` alone. */
export function rowsShown(offset: number, shown: number): string {
  const [first, last] = [count(offset + 1), count(offset + shown)]
  return shown === 1 ? first : `${first}–${last}`
}

/** Returns a fee rate: `210 ppm`. */
export function ppm(rate: number): string {
  return `${rate < 0 ? '-' : ''}${thousands(BigInt(Math.abs(Math.round(rate))))} ppm`
}

/** Returns a share of a whole as `42 %`; what is not nothing or not all is never shown so. */
export function percent(part: bigint, whole: bigint): string {
  if (whole <= 0n) return '0 %'
  const rounded = (part * 100n + whole / 2n) / whole
  if (rounded === 0n && part > 0n) return '<1 %'
  return rounded === 100n && part < whole ? '>99 %' : `${rounded} %`
}

/** Returns a share from 0 to 1 as `percent` does. */
export function share(part: number): string {
  return percent(BigInt(Math.round(part * 1_000_000)), 1_000_000n)
}

/** Returns a duration in at most two units: `23 h 12 min`, `3 d 4 h`, `45 s`, `0.8 s`. */
export function duration(ms: number): string {
  if (ms < 10_000) return `${tenthsOf(Math.max(0, Math.round(ms / 100)))} s`
  if (ms < MINUTE_MS) return `${Math.floor(ms / 1000)} s`
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`
  if (ms < DAY_MS) return two(ms, HOUR_MS, 'h', MINUTE_MS, 'min')
  return two(ms, DAY_MS, 'd', HOUR_MS, 'h')
}

/** Returns tenths as a number with one decimal at most: `2.3`, `6`. */
export function tenthsOf(tenths: number): string {
  const digit = tenths % 10
  return `${Math.floor(tenths / 10)}${digit > 0 ? decimals(String(digit)) : ''}`
}

function two(
  ms: number,
  large: number,
  largeName: string,
  small: number,
  smallName: string,
): string {
  const whole = Math.floor(ms / large)
  const rest = Math.floor((ms % large) / small)
  return `${thousands(BigInt(whole))} ${largeName}${rest > 0 ? ` ${rest} ${smallName}` : ''}`
}

/** Where and when a message is read: the chat's time zone and the moment of the answer. */
export type Reading = { now: number; timeZone: string }

/** Returns a moment on the reader's clock: `14:05` today, `Sat 14:05` this week, else with a date. */
export function localTime(at: number, { now, timeZone }: Reading): string {
  const time = part(at, timeZone, clockShape())
  if (dayOf(at, timeZone) === dayOf(now, timeZone)) return time
  if (at <= now && now - at < 6 * DAY_MS)
    return `${part(at, timeZone, { weekday: 'short' })} ${time}`
  return `${localDate(at, { now, timeZone })} ${time}`
}

/** Returns minutes after midnight on the reader's clock: `07:30`, `7:30 am`. */
export function timeOfDay(minutes: number): string {
  return part(minutes * MINUTE_MS, 'UTC', clockShape())
}

/** Returns minutes after midnight as commands take them, whatever the reader's clock: `07:30`. */
export function timeWord(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

/** Returns a date on the reader's calendar: `3 Nov`, with the year when it is another. */
export function localDate(at: number, { now, timeZone }: Reading): string {
  const date = dayAndMonth(at, timeZone)
  const year = part(at, timeZone, { year: 'numeric' })
  return year === part(now, timeZone, { year: 'numeric' }) ? date : `${date} ${year}`
}

/** Returns a moment whole: `Sat 21 Nov 14:05`. */
export function dayAndTime(at: number, reading: Reading): string {
  const { timeZone } = reading
  const time = part(at, timeZone, clockShape())
  return `${part(at, timeZone, { weekday: 'short' })} ${localDate(at, reading)} ${time}`
}

/** Returns the day alone, in seven columns at most: `3 Nov`. */
export function localDay(at: number, { timeZone }: Reading): string {
  return dayAndMonth(at, timeZone)
}

function dayAndMonth(at: number, timeZone: string): string {
  const day = part(at, timeZone, { day: 'numeric' })
  const month = part(at, timeZone, { month: 'short' })
  return isMonthFirst(reader().locale) ? `${month} ${day}` : `${day} ${month}`
}

function clockShape(): Intl.DateTimeFormatOptions {
  const { clock, locale } = reader()
  return (clock ?? hourCycleOf(locale)) === '12h'
    ? { hour: 'numeric', minute: '2-digit', hourCycle: 'h12' }
    : { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
}

/** Returns a moment both ways: `12 min ago, 14:05`. */
export function agoAndTime(at: number, reading: Reading): string {
  const past = reading.now - at
  const ago = past < 10_000 ? 'just now' : `${duration(past)} ago`
  return `${ago}, ${localTime(at, reading)}`
}

/** Returns whether this is a time zone that this machine knows, such as `Europe/Berlin` or `UTC`. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,49}$/.test(name)) return false
  try {
    formatter(name, { hour: '2-digit' })
    return true
  } catch {
    return false
  }
}

// Making a DateTimeFormat costs 50 µs and 20 kB. 7 shapes × the zones of a handful of chats; past
// 120 entries (2.4 MB) the cache starts anew.
const MAX_FORMATTERS = 120
const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(timeZone: string, shape: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${timeZone} ${Object.keys(shape).join()} ${shape.hourCycle ?? ''}`
  const known = formatters.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-GB', { ...shape, timeZone })
  if (formatters.size >= MAX_FORMATTERS) formatters.clear()
  formatters.set(key, made)
  return made
}

function part(at: number, timeZone: string, shape: Intl.DateTimeFormatOptions): string {
  return formatter(timeZone, shape).format(at)
}

/** Returns a key of the day that a moment falls on in a zone. */
export function dayOf(at: number, timeZone: string): string {
  return part(at, timeZone, { year: 'numeric', month: '2-digit', day: '2-digit' })
}

function roundToSat(msat: bigint): bigint {
  return (msat + MSAT_PER_SAT / 2n) / MSAT_PER_SAT
}

function thousands(value: bigint): string {
  return whole(value, reader().locale)
}

function decimals(digits: string): string {
  return `${separatorsOf(reader().locale).decimal}${digits}`
}
