// A macaroon of LND in its binary form, version 2 (gopkg.in/macaroon.v2): the byte 2, then fields of
// a type, a length and bytes, first the location and the identifier. The identifier of LND (macaroon
// bakery v3) is the byte 3 and a protobuf message: nonce = 1, storage id = 2, ops = 3 {entity = 1,
// actions = 2}.
const VERSION = 2
const IDENTIFIER = 2
const END = 0
const BAKERY_VERSION = 3

/** The methods that a macaroon for this program names, all of them reading. */
export const READING_URIS: readonly string[] = [
  '/routerrpc.Router/SubscribeHtlcEvents',
  '/lnrpc.Lightning/GetInfo',
  '/lnrpc.Lightning/ListChannels',
  '/lnrpc.Lightning/GetChanInfo',
  '/lnrpc.Lightning/GetNodeInfo',
  '/lnrpc.Lightning/FeeReport',
  '/lnrpc.Lightning/ForwardingHistory',
  '/lnrpc.Lightning/PendingChannels',
  '/lnrpc.Lightning/SubscribeChannelEvents',
  '/lnrpc.Lightning/SubscribePeerEvents',
  '/lnrpc.Lightning/ListPeers',
  '/lnrpc.Lightning/ChannelBalance',
  '/lnrpc.Lightning/WalletBalance',
]

/**
 * Returns what a macaroon (hex) allows, as `entity:action` (`info:read`, `uri:/lnrpc…`). Caveats,
 * which can only narrow it, are not looked at. Undefined where its form is not LND's.
 */
export function macaroonGrants(hex: string): readonly string[] | undefined {
  try {
    const identifier = identifierOf(Buffer.from(hex, 'hex'))
    return identifier?.[0] === BAKERY_VERSION ? grantsOf(identifier.subarray(1)) : undefined
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Returns those grants that allow more than this program needs: more than to read. */
export function excessiveGrants(grants: readonly string[]): readonly string[] {
  return grants.filter(
    (grant) => !grant.endsWith(':read') && !READING_URIS.includes(grant.replace(/^uri:/, '')),
  )
}

function identifierOf(macaroon: Uint8Array): Uint8Array | undefined {
  const reader = new Bytes(macaroon)
  if (reader.varint() !== VERSION) return undefined
  for (let type = reader.varint(); type !== END; type = reader.varint()) {
    const value = reader.chunk()
    if (type === IDENTIFIER) return value
  }
  return undefined
}

function grantsOf(id: Uint8Array): readonly string[] {
  return chunksOf(id, 3).flatMap((op) => {
    const [entity] = chunksOf(op, 1).map(utf8)
    return chunksOf(op, 2).map((action) => `${entity}:${utf8(action)}`)
  })
}

/** The length-delimited fields of that number; a message with any other kind is not LND's. */
function chunksOf(message: Uint8Array, field: number): readonly Uint8Array[] {
  const reader = new Bytes(message)
  const found: Uint8Array[] = []
  while (!reader.atEnd) {
    const tag = reader.varint()
    if ((tag & 7) !== 2) throw new RangeError('not a macaroon of LND')
    const value = reader.chunk()
    if (tag >>> 3 === field) found.push(value)
  }
  return found
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8')
}

/** Reads varints and chunks one after the other; throws RangeError where the bytes end too early. */
class Bytes {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  varint(): number {
    let value = 0
    for (let scale = 1; scale <= 2 ** 28; scale *= 128) {
      const byte = this.#bytes[this.#at]
      if (byte === undefined) throw new RangeError('the macaroon ends too early')
      this.#at += 1
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
    throw new RangeError('a number in the macaroon is too long')
  }

  chunk(): Uint8Array {
    const end = this.varint() + this.#at
    if (end > this.#bytes.length) throw new RangeError('the macaroon ends too early')
    const chunk = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return chunk
  }
}
