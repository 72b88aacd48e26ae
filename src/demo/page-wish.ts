import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import type { PageWish } from './page-contract.ts'
import { SCENARIO_NAMES } from './scenario.ts'

// Telegram's longest message takes 16 kB of UTF-8.
const MAX_BODY_BYTES = 32_768
const MAX_TEXT = 4_096
const MAX_NAME = 64

const id = z.number().int()

const WISH = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('say'),
    chatId: id,
    threadId: id.optional(),
    text: z.string().trim().min(1).max(MAX_TEXT),
  }),
  z.object({
    kind: z.literal('press'),
    press: z.string().min(1).max(MAX_NAME),
    chatId: id,
    messageId: id,
    data: z.string().min(1).max(MAX_NAME),
  }),
  z.object({ kind: z.literal('speed'), speed: z.number().positive() }),
  z.object({ kind: z.literal('scenario'), scenario: z.enum(SCENARIO_NAMES) }),
])

/** Reads what somebody did on the page; undefined when it is nothing that the page would send. */
export async function readWish(request: IncomingMessage): Promise<PageWish | undefined> {
  if (request.headers['content-type'] !== 'application/json') return undefined
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) return undefined
    chunks.push(chunk)
  }
  return WISH.safeParse(jsonIn(Buffer.concat(chunks).toString())).data
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
