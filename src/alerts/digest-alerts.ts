import type { Alert } from './alert.ts'
import type { AlertBook } from './book.ts'
import { loudnessOf, type Preferences } from './preferences.ts'

/** What a digest says of alerts. */
export type DigestAlerts = {
  /** Those that go on, whether they rang or not. */
  firing: readonly Alert[]
  /** Those that came and went within the span and only show in lists and digests here. */
  passed: number
}

/** Returns the alerts for a digest of a chat over a span that began at `from` (epoch ms). */
export function digestAlerts(
  book: AlertBook,
  preferences: Preferences,
  from: number,
): DigestAlerts {
  const wanted = [...book.all()].filter(({ kind }) => loudnessOf(preferences, kind) !== 'off')
  return {
    firing: wanted.filter((alert) => alert.state === 'firing' && !isPart(alert, book)),
    passed: wanted.filter((alert) => isPassed(alert, preferences, from)).length,
  }
}

/** What is part of another that goes on, and is told with it. */
function isPart({ parent }: Alert, book: AlertBook): boolean {
  return parent !== undefined && book.get(parent)?.state === 'firing'
}

function isPassed({ kind, severity, resolvedAt }: Alert, preferences: Preferences, from: number) {
  if (resolvedAt === undefined || resolvedAt < from) return false
  return severity === 'digest' || loudnessOf(preferences, kind) === 'digest'
}
