import { type BotApi, startBotApi } from '../../src/demo/bot-api.ts'
import type { ShownMessage } from '../../src/demo/bot-api-render.ts'
import { NOW } from '../alerts/support.ts'
import { OWNER, TOKEN } from '../bot/support.ts'
import { temporaryFolder } from '../support/folder.ts'
import { manualClock } from '../support/manual-clock.ts'
import { AlertProgram, type ProgramOptions } from './alert-program.ts'

export { channel, NOW, reading, spike } from '../alerts/support.ts'
export { ADMIN, GROUP, OWNER } from '../bot/support.ts'

/** A message that Telegram took, new or edited. */
export type Said = { isEdit: boolean; chatId: number; text: string; isSilent: boolean; at: number }

/** Telegram, in which everything that is said is noted. */
export async function openTelegram(at: () => number) {
  const api = await startBotApi({ token: TOKEN, clock: manualClock(NOW) })
  const said: Said[] = []
  api.onMessage(({ chatId, text }) => {
    // The call that is being carried out is the last that was noted.
    const call = api.calls().at(-1)
    const isSilent = call?.payload['disable_notification'] === true
    said.push({ isEdit: call?.method !== 'sendMessage', chatId, text, isSilent, at: at() })
  })
  return { api, said }
}

type Options = Omit<ProgramOptions, 'apiUrl' | 'file'> & { groups?: readonly number[] }

/** The program, its folder and Telegram. */
export type AlertSetting = AsyncDisposable & {
  api: BotApi
  program: AlertProgram
  /** What was said in a chat since the last call. */
  takeSaid(chatId?: number): readonly Said[]
  /** What a chat shows now. */
  shown(chatId?: number): readonly ShownMessage[]
  /** Telegram is out of reach, or back. */
  cut(isCut: boolean): void
}

export async function setUp(options: Options = {}): Promise<AlertSetting> {
  const folder = await temporaryFolder()
  let program: AlertProgram | undefined
  const { api, said } = await openTelegram(() => program?.clock.monotonic() ?? 0)
  const { chatIds = [OWNER], groups = [] } = options
  for (const id of groups) api.group({ id, title: 'Operators', administrators: [5] })
  for (const id of chatIds) if (id > 0) api.say(id, '/help')
  program = await AlertProgram.start({
    apiUrl: api.url,
    file: `${folder.path}/alerts.sqlite`,
    ...options,
  })
  const running = program
  await running.ready()
  await running.until(() => api.messages(chatIds[0] ?? 0).length > 0 || (chatIds[0] ?? 0) < 0)
  said.length = 0
  return {
    api,
    program,
    takeSaid(chatId = OWNER) {
      const mine = said.filter((one) => one.chatId === chatId)
      for (const one of mine) said.splice(said.indexOf(one), 1)
      return mine
    },
    shown: (chatId = OWNER) => api.messages(chatId),
    cut(isCut) {
      api.cut(isCut)
      for (const id of chatIds) {
        if (isCut) running.stuck.add(id)
        else running.stuck.delete(id)
      }
    },
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]()
      await api[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** Those that ring, among what was said. */
export function rings(said: readonly Said[]): readonly Said[] {
  return said.filter(({ isEdit, isSilent }) => !isEdit && !isSilent)
}

/** New messages, with or without a sound. */
export function sends(said: readonly Said[]): readonly Said[] {
  return said.filter(({ isEdit }) => !isEdit)
}

/** First lines, as a lock screen shows them. */
export function heads(said: readonly { text: string }[]): readonly string[] {
  return said.map(({ text }) => text.split('\n')[0] ?? '')
}
