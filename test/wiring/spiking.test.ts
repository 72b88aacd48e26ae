import { describe, expect, it } from 'vitest'
import { Memory } from '../../src/stats/memory.ts'
import { collectDocuments, RESTORED_PREFIXES } from '../../src/stats/memory-documents.ts'
import { restoreMemory } from '../../src/stats/restore-memory.ts'
import { openSpikes } from '../../src/wiring/spiking.ts'
import { MONDAY, NEIGHBOURS, scidOf } from '../analyzer/spikes/stage.ts'
import { FakeDocuments } from '../bot/support.ts'
import { channel, event, MINUTE } from '../support/events.ts'

const LIMITS = { maxChannels: 100, retentionDays: 400 }
const HOUR = 60

/** A detector on a memory, both kept in a store, that lives minute by minute. */
class Watched {
  readonly documents = new FakeDocuments()
  memory = new Memory(LIMITS, MONDAY)
  spikes!: Awaited<ReturnType<typeof openSpikes>>
  now = MONDAY
  #ids = 0

  async start(): Promise<this> {
    this.memory = new Memory(LIMITS, this.now)
    for (const prefix of RESTORED_PREFIXES) {
      restoreMemory(this.memory, prefix, await this.documents.readAll(prefix))
    }
    this.spikes = await openSpikes(this.memory, this.documents, this.now)
    this.memory.streamUp(this.now)
    this.memory.updateChannels(
      [scidOf(0), ...NEIGHBOURS].map((scid) => channel(scid)),
      this.now,
    )
    return this
  }

  /** Lets minutes pass with so many refused demands in each; returns the last one's readings. */
  pass(minutes: number, refusals: number) {
    let read = this.spikes.readings(this.now, 'normal')
    for (let m = 0; m < minutes; m++) {
      this.memory.heartbeat(this.now)
      for (let i = 0; i < refusals; i++) this.#refuse(this.now + i * 100)
      this.now += MINUTE
      read = this.spikes.readings(this.now, 'normal')
    }
    return read
  }

  async save(): Promise<void> {
    this.spikes.saveSoon()
    const docs = [...collectDocuments(this.memory), ...this.spikes.takeDocuments()]
    await this.documents.write(docs)
  }

  #refuse(at: number): void {
    const id = this.#ids++
    const outgoingMsat = 10_000_000 + 700_003 * (id % 400)
    const failed = { kind: 'linkFail', wireFailure: 15, failureDetail: 6 } as const
    const incoming = NEIGHBOURS[id % NEIGHBOURS.length]
    const amounts = { outgoingMsat, incomingMsat: outgoingMsat + 1_000 }
    const given = { at, incoming, incomingHtlcId: id, outgoing: scidOf(0), ...amounts, ...failed }
    this.memory.record(event(given), at)
  }
}

describe(openSpikes, () => {
  it('has its detector listen to the memory, and find what is unusual', async () => {
    const on = await new Watched().start()
    for (let hour = 0; hour < 30; hour++) {
      on.pass(1, 1)
      on.pass(59, 0)
    }
    const { readings, blindKinds } = on.pass(3, 10)
    expect(readings).toMatchObject([{ kind: 'spike.local', level: 'fire' }])
    expect(blindKinds.size).toBe(0)
    expect(on.spikes.sparse().map(({ scid }) => scid)).toEqual(NEIGHBOURS)
  })

  it('knows nothing while the stream is down', async () => {
    const on = await new Watched().start()
    on.memory.streamDown(on.now)
    const { blindKinds } = on.spikes.readings(on.now + MINUTE, 'normal')
    expect([...blindKinds].sort()).toEqual([
      'spike.downstream',
      'spike.local',
      'spike.node',
      'spike.peer',
    ])
  })

  it('goes on after a restart with what it has learnt and with what fires', async () => {
    const on = await new Watched().start()
    for (let hour = 0; hour < 30; hour++) {
      on.pass(1, 1)
      on.pass(59, 0)
    }
    on.pass(5, 10)
    await on.save()
    on.memory.streamDown(on.now)
    await on.start()
    expect(on.pass(2, 10).readings).toMatchObject([{ kind: 'spike.local', level: 'fire' }])
    expect(on.spikes.predictedPerWeek('normal')).toBeDefined()
    on.spikes.learn('spike.local', `channel:${scidOf(0)}`)
    expect(on.pass(1, 0).readings).toMatchObject([{ level: 'calm' }])
  })

  it('writes nothing until something is to be saved', async () => {
    const on = await new Watched().start()
    on.pass(2 * HOUR, 1)
    expect(on.spikes.takeDocuments()).toEqual([])
    on.spikes.saveSoon()
    expect(on.spikes.takeDocuments().length).toBeGreaterThan(1)
    expect(on.spikes.takeDocuments()).toEqual([])
  })
})
