import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const SCRIPT = fileURLToPath(new URL('../../deploy/healthcheck.mjs', import.meta.url))

async function exitCode(listen: string): Promise<unknown> {
  const child = spawn(process.execPath, [SCRIPT], { env: { HTTP_LISTEN: listen }, stdio: 'ignore' })
  const [code] = await once(child, 'exit')
  return code
}

async function against(answer: RequestListener, prefix = '127.0.0.1:', at = '127.0.0.1') {
  const server = createServer(answer).listen(0, at)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const code = await exitCode(`${prefix}${port}`)
  server.close()
  return code
}

describe("the image's health check", () => {
  it.each(['', '127.0.0.1:', '0.0.0.0:', '[::]:'])(
    'asks /livez where HTTP_LISTEN is %jPORT',
    async (prefix) => {
      const asked: unknown[] = []
      const answer: RequestListener = ({ url }, response) => {
        asked.push(url)
        response.end('ok')
      }
      expect(await against(answer, prefix)).toBe(0)
      expect(asked).toEqual(['/livez'])
    },
  )

  // Elsewhere loopback has one address alone.
  it.skipIf(process.platform !== 'linux')('asks the very host of HTTP_LISTEN', async () => {
    const answer: RequestListener = (_, response) => void response.end('ok')
    expect(await against(answer, '127.0.0.2:', '127.0.0.2')).toBe(0)
    expect(await against(answer, '127.0.0.1:', '127.0.0.2')).toBe(1)
  })

  it('fails when the program does not answer well, or not at all', async () => {
    expect(await against((_, response) => void response.writeHead(503).end())).toBe(1)
    expect(await against((_, response) => void response.destroy())).toBe(1)
    expect(await exitCode('127.0.0.1:1')).toBe(1)
  })

  it('has nobody to ask when HTTP_LISTEN is emptied', async () => {
    expect(await exitCode('')).toBe(0)
  })
})
