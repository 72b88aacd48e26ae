import { setTimeout as delay } from 'node:timers/promises'
import type { Alert } from '../../src/alerts/alert.ts'
import type { Letter, Notice } from '../../src/alerts/letter.ts'
import { createLog } from '../../src/log.ts'
import { openStore } from '../../src/store/open-store.ts'
import { AlertProcess } from '../scenarios/alert-process.ts'
import { channel, NOW, OWNER, openTelegram, reading } from '../scenarios/alert-setting.ts'

const LIFE_MS = 5 * 60_000
// From before the first look to well after the last answer.
const LONGEST_MS = 300

/** Kills the program again and again at a random moment, with new alerts in each of its lives. */
export async function killThrough(file: string, kills: number, ofLife: number) {
  const { api, said } = await openTelegram(() => 0)
  await using _api = api
  api.say(OWNER, '/help')
  const world = []
  let unfinished = 0
  for (let life = 0; life < kills; life++) {
    for (let i = 0; i < ofLife; i++) world.push(reading('spike.local', channel(world.length)))
    const program = await AlertProcess.start(api.url, file, NOW + life * LIFE_MS)
    const lived = program.live({ world, minutes: 2, stuck: [] })
    const isWhole = await Promise.race([lived, delay(Math.random() * LONGEST_MS, false)])
    unfinished += isWhole ? 0 : 1
    await program.kill()
  }
  const last = await AlertProcess.start(api.url, file, NOW + kills * LIFE_MS)
  await last.live({ world, minutes: 5, stuck: [] })
  await last.kill()
  const shown = new Set(api.messages(OWNER).map(({ messageId }) => messageId))
  const kept = await readOutbox(file)
  const heads = said.filter(({ isEdit, text }) => !isEdit && /payments failed|alerts? /.test(text))
  const marked = heads.filter(({ text }) => text.includes('(may be a repeat)')).length
  return {
    kills: unfinished,
    alerts: kept.alerts,
    lost: kept.letterOf.filter((messageId) => !shown.has(messageId ?? 0)).length,
    letters: kept.letters,
    unmarked: heads.length - marked,
    marked,
  }
}

/** What the file says of each alert: in which message it is shown. */
async function readOutbox(file: string) {
  await using store = await openStore({ url: `sqlite://${file}`, log: createLog('silent') })
  const alerts = [...(await store.readAll('alert:')).values()] as Alert[]
  const notices = await store.readAll(`notice:${OWNER}:`)
  const letters = await store.readAll(`letter:${OWNER}:`)
  const letterOf = alerts.map(({ id }) => {
    const notice = notices.get(`notice:${OWNER}:${id}`) as Notice | undefined
    return (letters.get(`letter:${OWNER}:${notice?.letter}`) as Letter | undefined)?.messageId
  })
  return { alerts: alerts.length, letters: letters.size, letterOf }
}
