import { KINDS } from '../../src/alerts/kinds.ts'
import type { Documents } from '../../src/store/documents.ts'
import { Delivery } from './delivery.ts'
import { channel, reading } from './support.ts'

const CHAT = 77
const MINUTE_MS = 60_000

// As the real kind, but that it is over after a minute of calm: a wave takes minutes, not an hour.
const RULES = KINDS.map((rule) => ({ ...rule, waitMs: () => 0, calmMs: MINUTE_MS }))

/** How a run went. */
export type CrashReport = {
  alerts: number
  crashes: number
  /** Waits of a wave without a crash: crashes went through each, before and after it. */
  waitsOfWave: number
  messages: number
  /** Messages that came again, and those of them whose end nobody could know. */
  repeats: number
  doubtfulRepeats: number
  lost: readonly string[]
}

/**
 * Sends alerts through the outbox in waves, and ends the program once in each: at its first wait,
 * before it is carried out, then after it, at its second, and so on, again and again.
 */
export async function crashThrough(
  documents: Documents,
  alerts: number,
  ofWave: number,
): Promise<CrashReport> {
  const on = new Delivery({ documents, chatIds: [CHAT], rules: RULES })
  await on.start()
  const waitsOfWave = await quietWave(on, ofWave)
  const report = { alerts: 0, crashes: 0, messages: 0, repeats: 0, doubtfulRepeats: 0 }
  const lost: string[] = []
  for (let wave = 1; report.alerts < alerts; wave++) {
    on.life.endAt(1 + (Math.floor(wave / 2) % waitsOfWave), wave % 2 === 1)
    const life = on.life
    await playWave(on, wave, ofWave)
    report.crashes += life.isOver ? 1 : 0
    report.alerts += ofWave
    lost.push(...lostOf(on, wave, ofWave))
    countMessages(on, report)
  }
  return { ...report, waitsOfWave, lost }
}

async function quietWave(on: Delivery, size: number): Promise<number> {
  await playWave(on, 0, size)
  on.telegram.taken.length = 0
  return on.life.waits
}

/** Alerts that fire at once, go on for a while and are over. Every other wave is critical. */
async function playWave(on: Delivery, wave: number, size: number): Promise<void> {
  const severity = wave % 2 === 0 ? 'warn' : 'crit'
  const readings = Array.from({ length: size }, (_, i) =>
    reading('spike.local', channel(wave * size + i), { severity }),
  )
  on.set(...readings)
  await on.minutes(2)
  on.clear(...readings)
  await on.minutes(4)
}

function lostOf({ desk, telegram }: Delivery, wave: number, size: number): readonly string[] {
  const told = new Set(telegram.taken.flatMap(({ members }) => members.map(({ id }) => id)))
  const bySubject = new Map([...desk.book.all()].map((alert) => [alert.subject, alert]))
  const subjects = Array.from({ length: size }, (_, i) => channel(wave * size + i))
  return subjects.filter((subject) => !told.has(bySubject.get(subject)?.id ?? ''))
}

function countMessages(
  { telegram }: Delivery,
  report: { messages: number; repeats: number; doubtfulRepeats: number },
): void {
  const times = new Map<number, number>()
  for (const { letter, isEdit } of telegram.taken) {
    if (!isEdit) times.set(letter, (times.get(letter) ?? 0) + 1)
  }
  for (const [letter, sent] of times) {
    report.messages += sent
    report.repeats += sent - 1
    report.doubtfulRepeats += Math.min(sent - 1, telegram.unsure.get(`${CHAT} ${letter}`) ?? 0)
  }
  telegram.taken.length = 0
  telegram.unsure.clear()
}
