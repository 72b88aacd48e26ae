import { status as Code } from '@grpc/grpc-js'
import type { LndState } from '../lightning/node-status.ts'

/** Why LND did not answer. The message is LND's own or grpc's, without secrets. */
export class LndError extends Error {
  override readonly name = 'LndError'
  /** What the operator would call it; `connecting` where it is nothing in particular. */
  readonly state: LndState
  /** The gRPC status code; undefined where no call was made. */
  readonly code: number | undefined

  constructor(state: LndState, message: string, code?: number, cause?: unknown) {
    super(message, { cause })
    this.state = state
    this.code = code
  }

  /** Whether trying again can help while nobody does anything. */
  get retryable(): boolean {
    return !STATES_OF_A_PERSON.has(this.state)
  }
}

const STATES_OF_A_PERSON: ReadonlySet<LndState> = new Set([
  'wallet-missing',
  'bad-certificate',
  'bad-macaroon',
  'no-permission',
  'too-old',
])

// LND's readiness gate (LND `rpcperms/interceptor.go`) and its macaroon service answer with code
// UNKNOWN (2) and these texts. The first that fits decides.
const TEXTS: readonly (readonly [RegExp, LndState])[] = [
  [/wallet not created/i, 'wallet-missing'],
  [/wallet locked/i, 'locked'],
  [/waiting to start|starting up/i, 'starting'],
  [/permission denied/i, 'no-permission'],
  [/macaroon|verification failed|root key with id|caveat/i, 'bad-macaroon'],
  [/subscription terminated|shutting down/i, 'unreachable'],
]

// What Node's TLS says, as grpc-js hands it on with code UNAVAILABLE (14).
const CERTIFICATE = /certificate|altnames|ERR_TLS_CERT|unable to verify|issuer/i

const MAX_MESSAGE = 300

/** Returns what a failed call, or a file that could not be read, tells of LND. */
export function lndErrorOf(error: unknown): LndError {
  if (error instanceof LndError) return error
  const { code, text } = partsOf(error)
  return new LndError(stateOf(code, text), text, code, error)
}

/** Returns whether the call failed because LND does not know what it asked for. */
export function isNotFound(error: unknown): boolean {
  return error instanceof LndError && error.code === Code.NOT_FOUND
}

/** Returns whether no answer came, so that the connection itself may be dead. */
export function isSilence(error: LndError): boolean {
  return error.code === Code.UNAVAILABLE || error.code === Code.DEADLINE_EXCEEDED
}

function stateOf(code: number | undefined, text: string): LndState {
  if (code === Code.UNAVAILABLE) return CERTIFICATE.test(text) ? 'bad-certificate' : 'unreachable'
  if (code === Code.DEADLINE_EXCEEDED) return 'unreachable'
  // An LND of before 0.13 knows no State service; one built without routerrpc is as useless to us.
  if (code === Code.UNIMPLEMENTED) return 'too-old'
  if (code === Code.UNAUTHENTICATED) return 'bad-macaroon'
  if (code === Code.PERMISSION_DENIED) return 'no-permission'
  if (code !== Code.UNKNOWN) return 'connecting'
  return TEXTS.find(([pattern]) => pattern.test(text))?.[1] ?? 'connecting'
}

function partsOf(error: unknown): { code: number | undefined; text: string } {
  if (!(error instanceof Error)) return { code: undefined, text: 'failed' }
  const { code, details } = error as { code?: unknown; details?: unknown }
  const text = typeof details === 'string' && details !== '' ? details : error.message
  return { code: typeof code === 'number' ? code : undefined, text: text.slice(0, MAX_MESSAGE) }
}
