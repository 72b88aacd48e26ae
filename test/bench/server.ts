import { createSecureServer, type Http2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { createCertificate } from '../../src/demo/tls.ts'
import { encodeEvents } from './events.ts'

// Several messages a write, so that the reader and not this server is the bottleneck: grpc-js as
// server sends 71,000 to 93,000 a second, this one several million.
const BLOCK_BYTES = 256 * 1024

/**
 * Serves the bench's events as `/routerrpc.Router/SubscribeHtlcEvents` over TLS, from memory, to
 * each that asks, and prints its port and certificate as one line of JSON.
 */
function serve(channels: number, events: number): void {
  const blocks = framed(encodeEvents(channels, events, Date.now() - 60_000))
  const { key, cert } = createCertificate()
  const server = createSecureServer({ key, cert })
  server.on('stream', (stream) => {
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc' },
      { waitForTrailers: true },
    )
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
    stream.on('error', () => undefined)
    send(stream, blocks, 0)
  })
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo
    process.stdout.write(`${JSON.stringify({ port, cert: cert.toString() })}\n`)
  })
}

function send(stream: Http2Stream, blocks: readonly Buffer[], from: number): void {
  for (let index = from; index < blocks.length; index++) {
    if (!stream.write(blocks[index])) {
      stream.once('drain', () => send(stream, blocks, index + 1))
      return
    }
  }
  stream.end()
}

/** Puts gRPC's five bytes before each message (not compressed, length) and joins them into blocks. */
function framed(messages: readonly Uint8Array[]): readonly Buffer[] {
  const blocks: Buffer[] = []
  let parts: Uint8Array[] = []
  let size = 0
  for (const message of messages) {
    const head = Buffer.alloc(5)
    head.writeUInt32BE(message.length, 1)
    parts.push(head, message)
    size += head.length + message.length
    if (size < BLOCK_BYTES) continue
    blocks.push(Buffer.concat(parts))
    parts = []
    size = 0
  }
  return [...blocks, Buffer.concat(parts)]
}

serve(Number(process.argv[2]), Number(process.argv[3]))
