import type { HtlcEvent, HtlcEventKind, HtlcRole } from '../lightning/htlc.ts'
import type { Scid } from '../lightning/scid.ts'
import { ScidCache } from './scid-cache.ts'
import { millisFromHalves } from './timestamp.ts'

// Protobuf's wire types.
const VARINT = 0
const FIXED64 = 1
const BYTES = 2
const FIXED32 = 5

const TWO_32 = 4294967296
// A position past every message: what is read from here on is no protobuf.
const LOST = Number.MAX_SAFE_INTEGER

// By the numbers of proto/router.proto.
const ROLES: readonly HtlcRole[] = ['none', 'send', 'receive', 'forward']
const FORWARD = 7
const LINK_FAIL = 10
const FINAL = 12
const KINDS: readonly HtlcEventKind[] = [
  'forward',
  'forwardFail',
  'settle',
  'linkFail',
  'subscribed',
  'final',
]

/**
 * Reads events of the HTLC stream from their wire form. It does by hand what proto-loader does, at
 * a tenth of the cost: no bigint, no string and no object but the event itself is made. Channel ids
 * are read as two 32-bit halves and looked up; the failure text (up to kilobytes) and the preimage
 * are stepped over unread. What is no protobuf becomes an event of kind `unknown`: an exception
 * here would end the stream.
 */
export class HtlcReader {
  readonly #scids = new ScidCache()
  #bytes: Uint8Array = new Uint8Array(0)
  #at = 0
  // The halves of the varint read last.
  #low = 0
  #high = 0
  // What the message said so far.
  #kind: HtlcEventKind = 'unknown'
  #role: HtlcRole = 'none'
  #millis = 0
  #incoming: Scid | undefined
  #outgoing: Scid | undefined
  #incomingHtlcId = 0
  #outgoingHtlcId = 0
  #incomingMsat = 0
  #outgoingMsat = 0
  #wireFailure = 0
  #failureDetail = 0
  #settled = false

  /** Returns the event of one message. */
  read(bytes: Uint8Array): HtlcEvent {
    this.#bytes = bytes
    this.#at = 0
    this.#clear()
    const end = bytes.length
    while (this.#at < end) this.#readField(end)
    if (this.#at !== end) this.#clear()
    return this.#event()
  }

  #readField(end: number): void {
    this.#readVarint()
    const tag = this.#low
    if ((tag & 7) === VARINT) {
      this.#readVarint()
      this.#takeNumber(tag >>> 3)
    } else if ((tag & 7) === BYTES) {
      const stop = this.#readStop(end)
      this.#takeBody(tag >>> 3, stop)
      this.#at = this.#at > stop ? LOST : stop
    } else {
      this.#skip(tag)
    }
  }

  #takeNumber(field: number): void {
    if (field === 1) this.#incoming = this.#scids.get(this.#high, this.#low)
    else if (field === 2) this.#outgoing = this.#scids.get(this.#high, this.#low)
    else if (field === 3) this.#incomingHtlcId = this.#double()
    else if (field === 4) this.#outgoingHtlcId = this.#double()
    else if (field === 5) this.#millis = millisFromHalves(this.#high, this.#low)
    else if (field === 6) this.#role = ROLES[this.#low] ?? 'unknown'
  }

  #takeBody(field: number, stop: number): void {
    if (field < FORWARD || field > FINAL) return
    this.#kind = KINDS[field - FORWARD] ?? 'unknown'
    if (field === FORWARD || field === LINK_FAIL) this.#readOutcome(stop)
    else if (field === FINAL) this.#readFinal(stop)
  }

  /** A ForwardEvent or a LinkFailEvent: of both, field 1 is the info. */
  #readOutcome(end: number): void {
    while (this.#at < end) {
      this.#readVarint()
      const tag = this.#low
      if ((tag & 7) === VARINT) {
        this.#readVarint()
        if (this.#kind === 'linkFail') this.#takeFailure(tag >>> 3)
      } else if ((tag & 7) === BYTES) {
        const stop = this.#readStop(end)
        if (tag >>> 3 === 1) this.#readInfo(stop)
        this.#at = this.#at > stop ? LOST : stop
      } else {
        this.#skip(tag)
      }
    }
  }

  #takeFailure(field: number): void {
    if (field === 2) this.#wireFailure = this.#low | 0
    else if (field === 3) this.#failureDetail = this.#low | 0
  }

  #readInfo(end: number): void {
    while (this.#at < end) {
      this.#readVarint()
      const tag = this.#low
      if ((tag & 7) !== VARINT) {
        this.#skip(tag)
        continue
      }
      this.#readVarint()
      if (tag >>> 3 === 3) this.#incomingMsat = this.#double()
      else if (tag >>> 3 === 4) this.#outgoingMsat = this.#double()
    }
  }

  #readFinal(end: number): void {
    while (this.#at < end) {
      this.#readVarint()
      const tag = this.#low
      if ((tag & 7) !== VARINT) {
        this.#skip(tag)
        continue
      }
      this.#readVarint()
      if (tag >>> 3 === 1) this.#settled = (this.#low | this.#high) !== 0
    }
  }

  #skip(tag: number): void {
    const type = tag & 7
    if (type === VARINT) this.#readVarint()
    else if (type === FIXED64) this.#at += 8
    else if (type === BYTES) this.#at = this.#readStop(LOST)
    else if (type === FIXED32) this.#at += 4
    else this.#at = LOST
  }

  /** Reads a length and returns where what it measures ends. */
  #readStop(end: number): number {
    this.#readVarint()
    const stop = this.#at + this.#double()
    if (stop <= end) return stop
    this.#at = LOST
    return LOST
  }

  /** Reads a varint of up to ten bytes into the two halves. */
  #readVarint(): void {
    const bytes = this.#bytes
    let at = this.#at
    let byte = byteAt(bytes, at++)
    let low = byte & 0x7f
    let high = 0
    let shift = 7
    while (byte > 0x7f && shift < 28) {
      byte = byteAt(bytes, at++)
      low |= (byte & 0x7f) << shift
      shift += 7
    }
    if (byte > 0x7f) {
      byte = byteAt(bytes, at++)
      low |= (byte & 0x7f) << 28
      high = (byte & 0x7f) >>> 4
      shift = 3
      while (byte > 0x7f && shift < 32) {
        byte = byteAt(bytes, at++)
        high |= (byte & 0x7f) << shift
        shift += 7
      }
    }
    this.#low = low >>> 0
    this.#high = high >>> 0
    this.#at = byte > 0x7f ? LOST : at
  }

  #double(): number {
    return this.#high * TWO_32 + this.#low
  }

  #clear(): void {
    this.#kind = 'unknown'
    this.#role = 'none'
    this.#millis = 0
    this.#incoming = undefined
    this.#outgoing = undefined
    this.#incomingHtlcId = 0
    this.#outgoingHtlcId = 0
    this.#incomingMsat = 0
    this.#outgoingMsat = 0
    this.#wireFailure = 0
    this.#failureDetail = 0
    this.#settled = false
  }

  #event(): HtlcEvent {
    return {
      kind: this.#kind,
      role: this.#role,
      at: this.#millis,
      incoming: this.#incoming,
      outgoing: this.#outgoing,
      incomingHtlcId: this.#incomingHtlcId,
      outgoingHtlcId: this.#outgoingHtlcId,
      incomingMsat: this.#incomingMsat,
      outgoingMsat: this.#outgoingMsat,
      wireFailure: this.#wireFailure,
      failureDetail: this.#failureDetail,
      settled: this.#settled,
    }
  }
}

/** Past the end there is only 0; that the message ended too early shows in the position. */
function byteAt(bytes: Uint8Array, at: number): number {
  return at < bytes.length ? (bytes[at] ?? 0) : 0
}
