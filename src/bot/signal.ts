import type { Api } from 'grammy'

type GrammySignal = NonNullable<Parameters<Api['getMe']>[0]>

/**
 * Returns an abort signal in the type that grammY wants: that of the abort-controller package, of
 * which Node's own is one in all but the types of its listeners.
 */
export function grammySignal(signal: AbortSignal): GrammySignal {
  return signal as unknown as GrammySignal
}

/** Returns a signal that ends a call which hangs. */
export function callTimeout(): GrammySignal {
  return grammySignal(AbortSignal.timeout(CALL_TIMEOUT_MS))
}

/** Returns a signal that ends an upload which hangs. */
export function uploadTimeout(): GrammySignal {
  return grammySignal(AbortSignal.timeout(UPLOAD_TIMEOUT_MS))
}

// Telegram answers within a second or two; over Tor within ten.
const CALL_TIMEOUT_MS = 20_000
// The largest file, 8 MB (wiring/chat-export.ts), takes 80 s over Tor, and the connection some more.
const UPLOAD_TIMEOUT_MS = 120_000
