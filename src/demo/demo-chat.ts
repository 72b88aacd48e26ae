import type { Readable, Writable } from 'node:stream'
import type { BotApi } from './bot-api.ts'
import { openTerminal, type Wish } from './terminal.ts'

const ANSWER_TIMEOUT_MS = 5_000

/** A person's chat with the bot, in the terminal. */
export type DemoChat = Disposable & {
  /** Says something to the bot in the person's place and waits for what comes back. */
  ask(text: string): Promise<void>
  note(text: string): void
}

/** Opens the chat: what the bot says is printed, what is typed is said or pressed. */
export function openChat(options: {
  api: BotApi
  chatId: number
  input: Readable
  output: Writable
  onQuit(): void
}): DemoChat {
  const { api, chatId, input, output, onQuit } = options
  const terminal = openTerminal({ input, output, onWish })
  // Alerts are edited every few minutes of a clock that races: what is printed again is what somebody
  // pressed, and what is over.
  const marks = new Map<number, string>()
  let hasPressed = false
  const stop = api.onMessage(({ chatId: place, messageId, text, buttons, file, edits }) => {
    if (place !== chatId) return
    const mark = text.slice(0, text.indexOf(' '))
    const isNews = edits === 0 || hasPressed || mark !== marks.get(messageId)
    marks.set(messageId, mark)
    if (!isNews) return
    hasPressed = false
    const labels = buttons.map((row) => row.map(({ label }) => label))
    const shown = file ? `[${file.kind} ${file.name}]\n${text}` : text
    terminal.show({ text: shown, buttons: labels, isEdited: edits > 0 })
  })

  // Whoever closes the output (a pipe to head) wants no more.
  output.once('error', onQuit)

  function onWish(wish: Wish): void {
    if (wish.kind === 'quit') onQuit()
    else if (wish.kind === 'say') api.say(chatId, wish.text)
    else if (wish.kind === 'press') press(wish.button)
  }

  function press(number: number): void {
    const message = api.messages(chatId).findLast(({ buttons }) => buttons.length > 0)
    const button = message?.buttons.flat()[number]
    if (!message || !button) {
      terminal.note('The last message has no such button.')
      return
    }
    hasPressed = true
    void api.press(chatId, message.messageId, button.data).then((notice) => {
      if (notice) terminal.note(`(${notice})`)
    })
  }

  return {
    async ask(text) {
      terminal.echo(text)
      const answered = nextMessage(api, chatId)
      api.say(chatId, text)
      await answered
    },
    note: (text) => terminal.note(text),
    [Symbol.dispose]() {
      stop()
      terminal[Symbol.dispose]()
    },
  }
}

async function nextMessage(api: BotApi, chatId: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      stop()
      resolve()
    }
    const stop = api.onMessage((message) => {
      if (message.chatId === chatId) done()
    })
    const timer = setTimeout(done, ANSWER_TIMEOUT_MS)
  })
}
