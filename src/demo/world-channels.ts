import type { Scid } from '../lightning/scid.ts'
import { draw } from './random.ts'

const MINUTE = 60_000
const DAY = 86_400_000

/** A peer of the simulated node; undefined outages: it is always online. */
export type PeerSpec = {
  name: string
  pubkey: string
  alias: string
  outages: Outages | undefined
}

/** In each slot of time a peer may be offline once; it is back before the next slot. */
export type Outages = {
  slotMs: number
  /** P(an outage in a slot). */
  share: number
  /** It begins within so long from the slot's begin, and lasts `leastMs` to `mostMs`. */
  beginMs: number
  leastMs: number
  mostMs: number
}

/** It comes and goes: offline for some minutes several times a day. */
export const FLAPPING: Outages = {
  slotMs: 100 * MINUTE,
  share: 0.55,
  beginMs: 70 * MINUTE,
  leastMs: 3 * MINUTE,
  mostMs: 28 * MINUTE,
}

/** A fee that is asked every day between two hours (UTC) in place of the usual one. */
export type FeeShift = { fromHour: number; toHour: number; feeRatePpm: number }

/** One channel of the simulated node as it is at the start; amounts in sat. */
export type ChannelSpec = {
  scid: Scid
  /** Other ids: the confirmed id of a zero-conf channel. */
  aliases: readonly Scid[]
  peer: PeerSpec
  capacitySat: number
  localSat: number
  initiator: boolean
  private: boolean
  /** The channel opens this long after the world's start. */
  opensAfterMs: number
  baseFeeMsat: number
  feeRatePpm: number
  inboundFeeRatePpm: number
  minHtlcMsat: number
  /** 0: as much as the channel's capacity less its reserve. */
  maxHtlcSat: number
  feeShift: FeeShift | undefined
  /** The most HTLCs that we may have in flight on it. */
  maxPendingHtlcs: number
}

/** A channel's character where nothing else is said. */
export const USUAL_CHANNEL: Omit<ChannelSpec, 'scid' | 'peer' | 'capacitySat' | 'localSat'> = {
  aliases: [],
  initiator: true,
  private: false,
  opensAfterMs: 0,
  baseFeeMsat: 0,
  feeRatePpm: 250,
  inboundFeeRatePpm: 0,
  minHtlcMsat: 1_000,
  maxHtlcSat: 0,
  feeShift: undefined,
  maxPendingHtlcs: 483,
}

// Aliases that operators really choose, and those that try a renderer: at most 32 bytes each, as
// node announcements have it.
const ALIASES = {
  alice: "alice's exchange",
  fountain: 'Fountain <b>& Sons',
  market: '月光ルーティング',
  twins: '"Twin Peaks" routing',
  turtle: '🐢 slow & steady',
  flapper: '\u202egnippalf edon',
  hermit: '',
  newcomer: 'aVeryLongAliasThatFillsAll32Byte',
  roaster: 'coffee-roasters.example',
  dynamo: 'dynamic_fees | 0-2000ppm',
  dust: 'dust&bunnies;',
  wallet: 'Pocket Wallet LSP',
  merchant: 'merchant [processor]_*1*',
} as const

/** The simulated node's peers by what they are in the story. */
export type PeerName = keyof typeof ALIASES

const NAMES = Object.keys(ALIASES) as PeerName[]

/** Returns the peers of a world, their keys drawn from its seed. */
export function defaultPeers(seed: number): Record<PeerName, PeerSpec> {
  const entries = NAMES.map((name) => [
    name,
    {
      name,
      pubkey: pubkeyOf(seed, name),
      alias: ALIASES[name],
      outages: name === 'flapper' ? FLAPPING : undefined,
    },
  ])
  return Object.fromEntries(entries) as Record<PeerName, PeerSpec>
}

/**
 * Returns the fourteen channels of the simulated node, each with a character: a drained exchange
 * that is asked all day, two sources, a market, parallel channels, one with a low largest HTLC, a
 * peer that comes and goes, a private zero-conf channel, and so on.
 */
export function defaultChannels(seed: number): readonly ChannelSpec[] {
  const peers = defaultPeers(seed)
  const channel = (
    peer: PeerName,
    scid: Scid,
    capacitySat: number,
    localShare: number,
    character: Partial<ChannelSpec> = {},
  ): ChannelSpec => ({
    ...USUAL_CHANNEL,
    scid,
    peer: peers[peer],
    capacitySat,
    localSat: Math.floor(capacitySat * localShare),
    ...character,
  })
  return [
    channel('alice', '868112x1453x1', 10_000_000, 0.05, { feeRatePpm: 700 }),
    channel('fountain', '869044x220x0', 50_000_000, 0.2, { feeRatePpm: 80 }),
    channel('market', '870431x2718x1', 20_000_000, 0.5, { initiator: false }),
    channel('twins', '870777x31x0', 5_000_000, 0.15, { feeRatePpm: 300 }),
    channel('twins', '871002x1999x2', 8_000_000, 0.45, { feeRatePpm: 320, initiator: false }),
    channel('turtle', '865900x7x1', 2_000_000, 0.7, { maxHtlcSat: 150_000, maxPendingHtlcs: 30 }),
    channel('flapper', '867325x604x3', 6_000_000, 0.6, { feeRatePpm: 200 }),
    // LND gives aliases from block 16,000,000 on: above 2^63 as uint64.
    channel('hermit', '16000000x0x1', 3_000_000, 0.35, {
      aliases: ['871555x88x0'],
      private: true,
      initiator: false,
      feeRatePpm: 450,
    }),
    channel('newcomer', '871880x3141x1', 4_000_000, 0.98, { opensAfterMs: 1.2 * DAY }),
    channel('roaster', '870100x512x0', 4_000_000, 0.85, { feeRatePpm: 400 }),
    channel('dynamo', '866480x73x1', 12_000_000, 0.55, {
      feeRatePpm: 150,
      baseFeeMsat: 1_000,
      feeShift: { fromHour: 9, toHour: 19, feeRatePpm: 650 },
    }),
    channel('dust', '864333x1101x4', 1_500_000, 0.5, { minHtlcMsat: 100_000, initiator: false }),
    channel('wallet', '869999x415x1', 30_000_000, 0.25, { feeRatePpm: 60, inboundFeeRatePpm: -30 }),
    channel('merchant', '871200x900x1', 15_000_000, 0.3, { feeRatePpm: 500 }),
  ]
}

/** Returns a node key that looks like one: 33 bytes in hex, drawn from the seed and a name. */
export function pubkeyOf(seed: number, name: string): string {
  return `02${hexOf(seed, 64, 'pubkey', name)}`
}

/** Returns hex digits drawn from the seed and keys. */
export function hexOf(seed: number, digits: number, ...keys: readonly string[]): string {
  let hex = ''
  for (let i = 0; hex.length < digits; i++) {
    hex += Math.floor(draw(seed, ...keys, i) * 2 ** 32)
      .toString(16)
      .padStart(8, '0')
  }
  return hex.slice(0, digits)
}
