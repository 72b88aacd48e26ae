import type { Alert } from '../../alerts/alert.ts'
import { LATE_MS } from '../../alerts/announce.ts'
import type { LetterForm, ListCause } from '../../alerts/letter.ts'
import type { Severity } from '../../analyzer/reading.ts'
import { duration } from '../format.ts'
import type { AlertView } from './alert-text.ts'

/** A message about alerts, as it is to be written now. */
export type LetterView = {
  form: LetterForm
  cause: ListCause | undefined
  isRepeat: boolean
  lateMs: number
  /** Its alerts as they stand now; `isMoved` when a later message shows them. */
  alerts: readonly (AlertView & { isMoved: boolean })[]
}

/** The mark of an alert: its shape says as much as its colour. */
export function markOf({ severity, state }: Pick<Alert, 'severity' | 'state'>): string {
  return state === 'resolved' ? '✅' : MARKS[severity]
}

const MARKS: Readonly<Record<Severity, string>> = { crit: '🚨', warn: '🟠', digest: '🔹' }

/** Returns `(may be a repeat)` and `(delayed 47 min)`, where they are true. */
export function provisos({ isRepeat, lateMs }: Pick<LetterView, 'isRepeat' | 'lateMs'>): string {
  const late = lateMs > LATE_MS ? ` (delayed ${duration(lateMs)})` : ''
  return `${late}${isRepeat ? ' (may be a repeat)' : ''}`
}
