import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { chanIdFromScid, type Scid } from '../../src/lightning/scid.ts'
import { type Fate, type SimAttempt, WORLD_BEGINS, World } from './alerts/world.ts'

/** What a recording is to hold; `demand` is a share of what the alerts' bench plays. */
export type RecordingOptions = { seed: number; channels: number; days: number; demand: number }

const MINUTE_MS = 60_000
const MINUTES_A_DAY = 24 * 60
const ENDS_AFTER_MS = 2_000
const FEE_SHARE = 0.0005
const WRITTEN_MINUTES = 10
const CAPACITY_SAT = 50_000_000

/**
 * Writes the ordinary world of the alerts' bench as a recording that LND's REST gateway could have
 * printed; each HTLC's end is followed by its final event, as LND tells it. Returns how many events
 * it holds.
 */
export async function writeRecording(
  path: string,
  { seed, channels, days, demand }: RecordingOptions,
): Promise<number> {
  const file = createWriteStream(path)
  const world = new World({ seed, channels, weeks: Math.ceil(days / 7), hasProbes: false, demand })
  const teller = new Teller(channels)
  for (let minute = 0; minute < days * MINUTES_A_DAY; minute++) {
    for (const attempt of world.minute(minute)) teller.tell(attempt)
    if (minute % WRITTEN_MINUTES > 0) continue
    const text = teller.take(WORLD_BEGINS + minute * MINUTE_MS)
    if (!file.write(text)) await once(file, 'drain')
  }
  file.end(teller.take(Number.POSITIVE_INFINITY))
  await finished(file)
  return teller.count
}

/** Returns the list of a recording's channels, as `lncli listchannels` prints it; peers have one or more. */
export function listedChannels(channels: number): unknown {
  return {
    channels: Array.from({ length: channels }, (_, index) => ({
      active: true,
      remote_pubkey: `02${(index >> 1).toString(16).padStart(64, '0')}`,
      channel_point: `${index.toString(16).padStart(64, '0')}:0`,
      scid: String(chanIdFromScid(scidOf(index))),
      chan_id: String(chanIdFromScid(scidOf(index))),
      capacity: String(CAPACITY_SAT),
      local_balance: String(CAPACITY_SAT / 2),
      remote_balance: String(CAPACITY_SAT / 2),
    })),
  }
}

/** The lines that LND prints of attempts. */
class Teller {
  readonly #ids: readonly string[]
  readonly #nextHtlc: number[] = []
  #lines: { at: number; text: string }[] = []
  count = 0

  constructor(channels: number) {
    this.#ids = Array.from({ length: channels }, (_, index) =>
      String(chanIdFromScid(scidOf(index))),
    )
    this.#line(0, { event_type: 'UNKNOWN', subscribed_event: {} })
  }

  tell({ at, incoming, outgoing, outgoingMsat, fate }: SimAttempt): void {
    const htlcId = this.#nextHtlc[incoming] ?? 0
    this.#nextHtlc[incoming] = htlcId + 1
    const way = {
      incoming_channel_id: this.#ids[incoming],
      outgoing_channel_id: this.#ids[outgoing],
      incoming_htlc_id: String(htlcId),
    }
    const info = {
      incoming_timelock: 900_200,
      outgoing_timelock: 900_120,
      incoming_amt_msat: String(Math.round(outgoingMsat * (1 + FEE_SHARE))),
      outgoing_amt_msat: String(outgoingMsat),
    }
    const forward = { ...way, outgoing_htlc_id: String(htlcId) }
    if (fate === 'refused' || fate === 'feeRefused') {
      this.#at(at, { ...way, link_fail_event: { info, ...WHY[fate] } })
    } else {
      this.#at(at, { ...forward, forward_event: { info } })
      this.#at(at + ENDS_AFTER_MS, {
        ...forward,
        ...(fate === 'settled' ? { settle_event: {} } : { forward_fail_event: {} }),
      })
    }
    this.#final(at + ENDS_AFTER_MS, incoming, htlcId, fate)
  }

  /** Takes what was told of the time before `end`, in order. */
  take(end: number): string {
    const taken = this.#lines.filter(({ at }) => at < end).sort((a, b) => a.at - b.at)
    this.#lines = this.#lines.filter(({ at }) => at >= end)
    return taken.map(({ text }) => text).join('')
  }

  #final(at: number, incoming: number, htlcId: number, fate: Fate): void {
    this.#line(at, {
      incoming_channel_id: this.#ids[incoming],
      incoming_htlc_id: String(htlcId),
      timestamp_ns: nanoseconds(at),
      event_type: 'UNKNOWN',
      final_htlc_event: { settled: fate === 'settled', offchain: true },
    })
  }

  #at(at: number, fields: object): void {
    this.#line(at, { ...fields, timestamp_ns: nanoseconds(at), event_type: 'FORWARD' })
  }

  #line(at: number, fields: object): void {
    this.#lines.push({ at, text: `${JSON.stringify(fields)}\n` })
    this.count++
  }
}

/** How LND's REST gateway names why it refused. */
const WHY = {
  refused: {
    wire_failure: 'TEMPORARY_CHANNEL_FAILURE',
    failure_detail: 'INSUFFICIENT_BALANCE',
    failure_string: 'insufficient bandwidth to route htlc',
  },
  feeRefused: {
    wire_failure: 'FEE_INSUFFICIENT',
    failure_detail: 'NO_DETAIL',
    failure_string: 'FeeInsufficient',
  },
} as const

function scidOf(index: number): Scid {
  return `${800_000 + index}x1x0`
}

function nanoseconds(at: number): string {
  return `${Math.floor(at)}${String(Math.floor((at % 1) * 1e6)).padStart(6, '0')}`
}
