import type { AddressInfo } from 'node:net'
import { createServer } from 'node:tls'
import { DEMO_TLS } from '../../src/demo/tls.ts'
import { encodeEvents } from './events.ts'
import { GrpcConnection, MessageFrames } from './grpc-connection.ts'

/**
 * Serves the bench's events to each that subscribes, over TLS and from memory, and prints its port
 * and certificate as one line of JSON.
 */
function serve(channels: number, events: number): void {
  // Timestamps ahead of the clock count as now, however long the run takes.
  const frames = new MessageFrames(encodeEvents(channels, events, Date.now() + 3_600_000))
  const { key, certificate: cert } = DEMO_TLS
  const server = createServer({ key, cert, ALPNProtocols: ['h2'] }, (socket) => {
    new GrpcConnection(socket, frames).start()
  })
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo
    process.stdout.write(`${JSON.stringify({ port, cert })}\n`)
  })
}

serve(Number(process.argv[2]), Number(process.argv[3]))
