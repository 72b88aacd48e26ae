import type { HistoryAnswer, SumHistory } from '../bot/contracts.ts'
import type { Clock } from '../clock.ts'
import type { SettledForward } from '../lightning/htlc.ts'
import type { Lnd } from '../lnd/lnd.ts'
import type { Log } from '../log.ts'
import type { Memory } from '../stats/memory.ts'

type Parts = {
  lnd: Pick<Lnd, 'forwards' | 'status'>
  memory: Pick<Memory, 'book'>
  clock: Clock
  log: Log
}

type Sum = { add(forward: SettledForward): void }
type Kept = { key: string; until: number; answer: Promise<HistoryAnswer<unknown>> }

// Turning pages and orders asks again; new forwards are rarely worth another look within that time.
const KEPT_MS = 30_000
// A page of 10,000 takes LND about a second. Who asks in a chat waits no longer than this.
const MOST_MS = 20_000
// A window of pairs is 8 MB at most (see PairSums), a list of days some kilobytes.
const MOST_KEPT = 4

/**
 * Returns what sums LND's list of settled forwards: one question at a time, kept for half a minute.
 * Other ids of a channel are taken for its own. A list that was not read to its end is no answer.
 */
export function historyOf({ lnd, memory, clock, log }: Parts): SumHistory {
  let kept: readonly Kept[] = []
  let turn: Promise<unknown> = Promise.resolve()

  async function read<S extends Sum>(from: number, sum: S): Promise<HistoryAnswer<S>> {
    if (lnd.status().state !== 'listening') return { kind: 'away' }
    const started = clock.monotonic()
    const at = clock.now()
    try {
      for await (const page of lnd.forwards(from, at)) {
        for (const forward of page) sum.add(withOwnIds(forward, memory))
        if (clock.monotonic() - started > MOST_MS) return { kind: 'slow' }
      }
      return { kind: 'told', sum, at }
    } catch (error) {
      log.warn({ err: error }, "LND's history of forwards could not be read")
      return { kind: 'away' }
    }
  }

  async function sumHistory<S extends Sum>(
    key: string,
    from: number,
    begin: () => S,
  ): Promise<HistoryAnswer<S>> {
    const now = clock.monotonic()
    kept = kept.filter(({ until }) => until > now)
    const known = kept.find((one) => one.key === key)
    // A key is asked with one kind of sum alone.
    if (known) return (await known.answer) as HistoryAnswer<S>
    const answer = turn.then(() => read(from, begin()))
    turn = answer
    kept = [...kept.slice(1 - MOST_KEPT), { key, until: now + KEPT_MS, answer }]
    const told = await answer
    // What failed is tried again by the next who asks.
    if (told.kind !== 'told') kept = kept.filter((one) => one.answer !== answer)
    return told
  }

  return sumHistory
}

function withOwnIds(forward: SettledForward, { book }: Pick<Memory, 'book'>): SettledForward {
  const incoming = book.get(forward.incoming)?.scid ?? forward.incoming
  const outgoing = book.get(forward.outgoing)?.scid ?? forward.outgoing
  return { ...forward, incoming, outgoing }
}
