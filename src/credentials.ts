import { readFile } from 'node:fs/promises'

// A certificate has a kilobyte or two and a macaroon a few hundred bytes.
const MAX_BYTES = 64 * 1024

/** A variable that gives the macaroon: its text, or the path of its file. */
export type MacaroonVariable = 'LND_MACAROON' | 'LND_MACAROON_PATH'

/** Returns a function that reads LND's certificate (PEM) anew from the path, or from its base64. */
export function certificateReader(
  path: string | undefined,
  base64: string | undefined,
): () => Promise<Buffer> {
  return async () => {
    const [bytes, origin] = await readEither('LND_TLS_CERT', path, base64)
    if (bytes.includes('-----BEGIN CERTIFICATE-----')) return bytes
    throw new Error(`${origin} holds no certificate in PEM form: it should be LND's tls.cert`)
  }
}

/** Returns a function that reads the macaroon anew from the path, or from its hex or base64, as hex. */
export function macaroonReader(
  path: string | undefined,
  text: string | undefined,
): () => Promise<string> {
  return async () => {
    const [bytes, origin] = await readEither('LND_MACAROON', path, text)
    if (bytes.length === 0) throw new Error(`${origin} is empty: it should hold a macaroon`)
    const line = bytes.toString('latin1').trim()
    return isHex(line) ? line.toLowerCase() : bytes.toString('hex')
  }
}

async function readEither(
  name: string,
  path: string | undefined,
  text: string | undefined,
): Promise<[bytes: Buffer, origin: string]> {
  if (path === undefined) return [decode(text ?? ''), name]
  return [await readSmallFile(`${name}_PATH`, path), `${name}_PATH: ${path}`]
}

async function readSmallFile(name: string, path: string): Promise<Buffer> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new Error(`${name}: ${path} cannot be read (${reasonOf(error)})`)
  })
  if (bytes.length <= MAX_BYTES) return bytes
  throw new Error(`${name}: ${path} is far too large to be what it should be`)
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EACCES: 'permission denied',
    EISDIR: 'it is a folder',
  }
  return words[code] ?? code
}

function decode(text: string): Buffer {
  return Buffer.from(text, isHex(text) ? 'hex' : 'base64')
}

function isHex(text: string): boolean {
  return /^(?:[0-9a-fA-F]{2})+$/.test(text)
}
