import type { IncomingMessage, ServerResponse } from 'node:http'
import { readForm } from './bot-api-files.ts'
import { ApiError, type Payload } from './bot-api-render.ts'

const MAX_BODY_BYTES = 1_000_000

/**
 * Reads the parameters of a call.
 * @throws ApiError when there are too many, another Error when they cannot be read.
 */
export async function readBody(request: IncomingMessage): Promise<Payload> {
  const type = request.headers['content-type'] ?? ''
  if (type.startsWith('multipart/form-data')) return readForm(request, type)
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) throw new ApiError(413, 'Request Entity Too Large')
    chunks.push(chunk)
  }
  const text = Buffer.concat(chunks).toString()
  return text === '' ? {} : JSON.parse(text)
}

/** Answers with a refusal in Telegram's form. */
export function refuse(response: ServerResponse, { code, message, parameters }: ApiError): void {
  const extra = Object.keys(parameters).length > 0 ? { parameters } : {}
  answer(response, code, { ok: false, error_code: code, description: message, ...extra })
}

/** Answers with JSON, unless the caller is gone. */
export function answer(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed || response.writableEnded) return
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
