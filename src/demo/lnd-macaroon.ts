/** The methods that the demo's macaroon permits: what README's `lncli bakemacaroon` line names. */
const URIS: readonly string[] = [
  '/routerrpc.Router/SubscribeHtlcEvents',
  '/lnrpc.Lightning/GetInfo',
  '/lnrpc.Lightning/ListChannels',
  '/lnrpc.Lightning/GetChanInfo',
  '/lnrpc.Lightning/GetNodeInfo',
  '/lnrpc.Lightning/ForwardingHistory',
  '/lnrpc.Lightning/PendingChannels',
  '/lnrpc.Lightning/SubscribeChannelEvents',
  '/lnrpc.Lightning/ListPeers',
]

/**
 * Returns a macaroon (hex) of LND's form for the demo's server, which compares it as a whole and
 * verifies no signature: version 2, location "lnd", identifier (bakery v3), end, end, signature.
 * Another `nonce` makes another macaroon.
 */
export function demoMacaroon(nonce: number): string {
  const op = [...chunk(1, utf8('uri')), ...URIS.flatMap((uri) => chunk(2, utf8(uri)))]
  const id = [3, ...chunk(1, new Array(16).fill(nonce)), ...chunk(2, [0x30]), ...chunk(3, op)]
  const signature = new Array(32).fill(nonce)
  const fields = [...field(1, utf8('lnd')), ...field(2, id), 0, 0, ...field(6, signature)]
  return Buffer.from([2, ...fields]).toString('hex')
}

/** A length-delimited field of a protobuf message. */
function chunk(number: number, bytes: readonly number[]): readonly number[] {
  return field((number << 3) | 2, bytes)
}

function field(type: number, bytes: readonly number[]): readonly number[] {
  return [type, ...varint(bytes.length), ...bytes]
}

function varint(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)]
}

function utf8(text: string): readonly number[] {
  return [...Buffer.from(text, 'utf8')]
}
