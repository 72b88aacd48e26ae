import { fileURLToPath } from 'node:url'
import { type Client, credentials, loadPackageDefinition } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { Meter, readTask, report } from './meter.ts'

// The base that the pipeline is held against: grpc-js with proto-loader, set as one must for exact
// ids and readable enums, and a handler that does nothing with the event.
const definition = loadSync('router.proto', {
  includeDirs: [fileURLToPath(new URL('../../proto', import.meta.url))],
  keepCase: true,
  longs: BigInt,
  enums: String,
  defaults: true,
  oneofs: true,
})
const { routerrpc } = loadPackageDefinition(definition)
if (!routerrpc || !('Router' in routerrpc)) throw new Error('proto/ has no routerrpc.Router')
const Router = routerrpc['Router'] as unknown as new (
  ...args: ConstructorParameters<typeof Client>
) => Client & { SubscribeHtlcEvents(request: object): NodeJS.ReadableStream }

const { port, cert } = readTask()
const meter = new Meter()
const client = new Router(`127.0.0.1:${port}`, credentials.createSsl(Buffer.from(cert)), {
  'grpc.ssl_target_name_override': 'localhost',
  'grpc.default_authority': 'localhost',
  'grpc.enable_http_proxy': 0,
})
const stream = client.SubscribeHtlcEvents({})
stream.on('data', () => meter.event())
stream.on('error', (error) => {
  throw error
})
stream.on('end', () => {
  report(meter.finish())
  client.close()
})
