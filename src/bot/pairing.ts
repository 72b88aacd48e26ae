import { createHash, randomInt, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { ChatDocument, ChatDocuments } from './contracts.ts'

/** How long a pairing code can be used. */
export const PAIRING_MS = 15 * 60_000

/** So many wrong guesses make a code useless: 10 of 8.5·10^11. */
export const MAX_WRONG_GUESSES = 10

const KEY = 'pairing'
// Without 0/O, 1/I/L: a code is read from one screen and typed on another. 31^8 = 8.5·10^11.
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
const LENGTH = 8

const DOCUMENT = z.object({
  version: z.literal(1),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  expiresAt: z.number(),
  wrongGuesses: z.number(),
})
type Pairing = z.infer<typeof DOCUMENT>

/** The document write that uses a code up. */
export const USED_UP: ChatDocument = { key: KEY, value: undefined }

/**
 * Makes a new pairing code, valid once within 15 minutes, and returns it as `ABCD-EFGH`. It takes
 * the place of an earlier one; only its hash is stored.
 */
export async function createPairingCode(documents: ChatDocuments, now: number): Promise<string> {
  const letters = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)] ?? '')
  const code = letters.join('')
  await write(documents, {
    version: 1,
    hash: hashOf(code),
    expiresAt: now + PAIRING_MS,
    wrongGuesses: 0,
  })
  return `${code.slice(0, 4)}-${code.slice(4)}`
}

/**
 * Returns whether this is the code that is valid now. A wrong guess is counted; whoever lets a chat
 * in on a right one must write `USED_UP` in the same batch.
 */
export async function isPairingCode(
  documents: ChatDocuments,
  guess: string,
  now: number,
): Promise<boolean> {
  const read = DOCUMENT.safeParse(await documents.read(KEY))
  if (!read.success) return false
  const pairing = read.data
  const isRight = timingSafeEqual(Buffer.from(hashOf(normal(guess))), Buffer.from(pairing.hash))
  if (now >= pairing.expiresAt) {
    await documents.write([USED_UP])
    return false
  }
  if (isRight) return true
  const wrongGuesses = pairing.wrongGuesses + 1
  if (wrongGuesses >= MAX_WRONG_GUESSES) await documents.write([USED_UP])
  else await write(documents, { ...pairing, wrongGuesses })
  return false
}

function write(documents: ChatDocuments, pairing: Pairing): Promise<void> {
  return documents.write([{ key: KEY, value: pairing }])
}

/** As typed on a phone: any case, with or without the hyphen. */
function normal(guess: string): string {
  return guess.replace(/[\s-]/g, '').toUpperCase()
}

function hashOf(code: string): string {
  return createHash('sha256').update(code).digest('hex')
}
