import { createInterface } from 'node:readline'
import type { Reading } from '../../src/analyzer/reading.ts'
import { decode } from '../../src/store/codec.ts'
import type { Doc } from '../../src/store/documents.ts'
import type { Store } from '../../src/store/open-store.ts'
import { AlertProgram } from './alert-program.ts'

// The program in a process of its own, so that it can be killed for real. It does what the lines of
// its standard input say, one after the other, and answers each with a line.
const [apiUrl = '', file = '', start = '0', killAt = ''] = process.argv.slice(2)

/** Where the process kills itself: before or after the first write that has such a document. */
const KILLS: Readonly<Record<string, { when: 'before' | 'after'; has: (doc: Doc) => boolean }>> = {
  'before-transition': { when: 'before', has: ({ key }) => key.startsWith('alert:') },
  'after-transition': { when: 'after', has: ({ key }) => key.startsWith('alert:') },
  'after-sending': { when: 'after', has: (doc) => isLetter(doc, 'sending') },
  'after-result': { when: 'after', has: (doc) => isLetter(doc, 'sent') },
}

const kill = KILLS[killAt]
const program = await AlertProgram.start({
  apiUrl,
  file,
  start: Number(start),
  wrap: (store) => (kill ? killing(store, kill) : store),
})
await program.until(() => program.bot.status().username !== undefined)
process.stdout.write('ready\n')

for await (const line of createInterface({ input: process.stdin })) {
  const { world, minutes, stuck } = decode(line) as Command
  program.world.clear()
  program.set(...world)
  for (const id of stuck) program.stuck.add(id)
  await program.minutes(minutes)
  process.stdout.write('done\n')
}

/** What the parent asks for: the world as it is from now on, for so many minutes. */
export type Command = {
  world: readonly Reading[]
  minutes: number
  /** Chats in which nothing can be said meanwhile. */
  stuck: readonly number[]
}

function killing(store: Store, { when, has }: NonNullable<typeof kill>): Store {
  const write = async (docs: readonly Doc[]) => {
    const isIt = docs.some(has)
    if (isIt && when === 'before') process.kill(process.pid, 'SIGKILL')
    await store.write(docs)
    if (isIt) process.kill(process.pid, 'SIGKILL')
  }
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'write') return write
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

function isLetter({ key, value }: Doc, state: string): boolean {
  return key.startsWith('letter:') && (value as { state?: string } | undefined)?.state === state
}
