import type { Step } from '../alerts/announce.ts'
import { LAST_FORM } from '../alerts/digest-box.ts'
import { type Attempt, sendingEnd } from './attempt.ts'
import { newJob } from './job.ts'
import type { OutboxDeps, Recipient } from './outbox-deps.ts'

/** Begins to say the digest of a chat; undefined when there is none. */
export function digestAttempt(
  step: Step,
  chatId: number,
  { threadId, timeZone }: Recipient,
  { desk, clock, log, writeDigest }: OutboxDeps,
): Attempt | undefined {
  const { digests } = desk.box(chatId)
  const post = step.kind === 'digest' ? digests.begin(desk.book.steady) : undefined
  if (step.kind !== 'digest' || post === undefined) return undefined
  return {
    async compose() {
      const message = await writeDigest(chatId, post, { now: clock.now(), timeZone })
      const { text, buttons } = message
      const form = post.refusals === 0 ? message : { text, buttons }
      const job = newJob({ chatId, threadId }, form)
      return { ...job, asPlain: post.refusals >= LAST_FORM, isSilent: !step.isLoud }
    },
    conclude(outcome) {
      const how = sendingEnd(outcome)
      if (how === 'bad-message' && post.refusals >= LAST_FORM) {
        log.error({ chat: chatId, outcome }, 'Telegram takes a digest in no form: it is given up')
      }
      digests.conclude(post, how)
    },
    takeBack: () => digests.conclude(post, 'not-sent'),
  }
}
