import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { Busboy } from '@fastify/busboy'
import { ApiError, type Payload, type ShownFile } from './bot-api-render.ts'

// Telegram takes photos up to ten megabytes and documents up to fifty.
const MAX_BYTES = { photo: 10_000_000, document: 50_000_000 } as const

const LIMITS = { fileSize: MAX_BYTES.document + 1, files: 1 }

const POINTER = 'attach://'

const PNG = [0x89, 0x50, 0x4e, 0x47]

/** The fields of a form that are no texts. */
const VALUES: ReadonlySet<string> = new Set([
  'chat_id',
  'message_id',
  'message_thread_id',
  'disable_notification',
  'media',
  'reply_markup',
  'reply_parameters',
])

/**
 * Reads a form with files: where a value points to a file, the file stands in its place.
 * @throws Error when it is not a form.
 */
export async function readForm(request: IncomingMessage, type: string): Promise<Payload> {
  const fields = new Map<string, string>()
  const files = new Map<string, ShownFile>()
  const form = new Busboy({ headers: { 'content-type': type }, limits: LIMITS })
  form.on('field', (name, value) => fields.set(name, value))
  form.on('file', (field, stream, name) => {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => {
      files.set(field, { kind: 'document', name, bytes: Buffer.concat(chunks) })
    })
  })
  await pipeline(request, form)
  const found = (value: unknown): unknown =>
    typeof value === 'string' && value.startsWith(POINTER)
      ? files.get(value.slice(POINTER.length))
      : value
  const read = [...fields].map(([key, text]) => {
    const value: unknown = VALUES.has(key) ? JSON.parse(text) : found(text)
    return [key, key === 'media' ? withFile(value as Payload, found) : value]
  })
  return Object.fromEntries(read)
}

function withFile(media: Payload, found: (value: unknown) => unknown): Payload {
  return { ...media, media: found(media['media']) }
}

/** Returns the parameters of a call with the names of files in place of them, to be kept. */
export function withoutBytes(payload: Payload): Payload {
  const named = Object.entries(payload).map(([key, value]) => {
    const holder = value as { bytes?: unknown; name?: unknown; media?: ShownFile } | null
    if (holder?.bytes !== undefined) return [key, holder.name]
    return [key, key === 'media' ? { ...holder, media: holder?.media?.name } : value]
  })
  return Object.fromEntries(named)
}

/**
 * Takes an uploaded file as Telegram does.
 * @throws ApiError when there is none, it is too large, or a photo is no PNG, the only kind we draw.
 */
export function takeFile(kind: ShownFile['kind'], value: unknown): ShownFile {
  const { name, bytes } = (value ?? {}) as Partial<ShownFile>
  if (name === undefined || bytes === undefined) {
    throw new ApiError(400, `Bad Request: there is no ${kind} in the request`)
  }
  if (bytes.length > MAX_BYTES[kind]) throw new ApiError(413, 'Request Entity Too Large')
  if (kind === 'photo' && !PNG.every((byte, i) => bytes[i] === byte)) {
    throw new ApiError(400, 'Bad Request: IMAGE_PROCESS_FAILED')
  }
  return { kind, name, bytes }
}
