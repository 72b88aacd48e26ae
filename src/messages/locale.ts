import type { Clock } from './reader.ts'

/** What a locale puts between the digits of a number. */
export type Separators = { decimal: string }

/** Locales that /settings offers; any other that the machine knows may be named. */
export const OFFERED_LOCALES = ['en-GB', 'en-US', 'de-DE', 'fr-FR', 'de-CH'] as const

// The longest names in use, with script and region, are below it: `zh-Hans-CN`, `ca-ES-valencia`.
const MAX_NAME = 20

/** Returns the locale's own name as this machine writes it (`de-DE` for `de_de`); undefined when unknown. */
export function localeOf(name: string): string | undefined {
  const asked = name.replaceAll('_', '-')
  if (asked.length > MAX_NAME) return undefined
  try {
    return Intl.NumberFormat.supportedLocalesOf(asked)[0]
  } catch {
    return undefined
  }
}

/** Returns a whole number with the locale's separators: `1,234`, `1.234`, `1 234`. */
export function whole(value: bigint, locale: string): string {
  return knownOf(locale).number.format(value)
}

/** Returns what the locale puts before the decimals. */
export function separatorsOf(locale: string): Separators {
  return knownOf(locale)
}

/** Returns whether the locale names the month before the day. */
export function isMonthFirst(locale: string): boolean {
  return knownOf(locale).monthFirst
}

/** Returns the clock that the locale uses. */
export function hourCycleOf(locale: string): Clock {
  return knownOf(locale).clock
}

type Known = Separators & { number: Intl.NumberFormat; monthFirst: boolean; clock: Clock }

// One of a chat each, and the chats are at most some hundreds; they cost about 40 kB.
const MAX_KNOWN = 40
const known = new Map<string, Known>()

function knownOf(locale: string): Known {
  const found = known.get(locale)
  if (found) return found
  const made = learn(locale)
  if (known.size >= MAX_KNOWN) known.clear()
  known.set(locale, made)
  return made
}

function learn(locale: string): Known {
  // Western digits: the text around them is English.
  const shape = { numberingSystem: 'latn', useGrouping: 'always' } as const
  const decimal = new Intl.NumberFormat(locale, shape).formatToParts(1.5)
  const date = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'numeric' })
  const { hourCycle } = new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions()
  return {
    number: new Intl.NumberFormat(locale, { ...shape, maximumFractionDigits: 0 }),
    decimal: decimal.find(({ type }) => type === 'decimal')?.value ?? '.',
    monthFirst: date.formatToParts(0).find(({ type }) => type !== 'literal')?.type === 'month',
    clock: hourCycle === 'h11' || hourCycle === 'h12' ? '12h' : '24h',
  }
}
