import type { ClientReadableStream } from '@grpc/grpc-js'
import { retryDelayMs } from './backoff.ts'
import type { Connection } from './connection.ts'
import { fieldsOf } from './fields.ts'
import type { FollowParts } from './follow.ts'
import { isChannelChange, METHODS } from './wire.ts'

/**
 * Calls `onChange` whenever LND says that a channel opened, closed, or went active or inactive,
 * until the signal aborts. Subscribes again after every end, without a word: `follow` reports on
 * the connection, and the channels are listed now and then in any case.
 */
export async function followChannelEvents(
  parts: Pick<FollowParts, 'connection' | 'clock' | 'timings' | 'random'>,
  onChange: () => void,
  signal: AbortSignal,
): Promise<void> {
  const { clock, timings, random } = parts
  let attempt = 0
  while (!signal.aborted) {
    const began = clock.monotonic()
    const heard = await listenOnce(parts, onChange, signal)
    if (signal.aborted) return
    // LND confirms this subscription by nothing: that it lasted is the only sign that it stood.
    if (heard || clock.monotonic() - began > timings.maxRetryMs) attempt = 0
    await clock.sleep(retryDelayMs(attempt, random(), timings), signal)
    attempt += 1
  }
}

async function listenOnce(
  { connection }: Pick<FollowParts, 'connection'>,
  onChange: () => void,
  signal: AbortSignal,
): Promise<boolean> {
  const stream = await subscribe(connection).catch(() => undefined)
  if (!stream) return false
  let heard = false
  const cancel = () => stream.cancel()
  signal.addEventListener('abort', cancel, { once: true })
  if (signal.aborted) cancel()
  await new Promise<void>((resolve) => {
    stream.on('data', (update: unknown) => {
      heard = true
      if (isChannelChange(fieldsOf(update, 'channel event'))) onChange()
    })
    stream.on('error', () => resolve())
    stream.on('end', () => resolve())
  })
  signal.removeEventListener('abort', cancel)
  return heard
}

async function subscribe(connection: Connection): Promise<ClientReadableStream<object>> {
  const method = METHODS.subscribeChannelEvents
  return connection.stream(await connection.session(), method, method.responseDeserialize)
}
