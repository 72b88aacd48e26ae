import { reasonOf } from '../bot/telegram-error.ts'
import type { MacaroonVariable } from '../credentials.ts'
import type { LndState } from '../lightning/node-status.ts'
import { READING_URIS } from '../lnd/macaroon.ts'
import { lndText } from '../messages/lnd-states.ts'

/** The command that bakes a macaroon that only reads. */
export const BAKE = [
  'lncli bakemacaroon --save_to missed-sats.macaroon --root_key_id 7',
  ...READING_URIS.map((uri) => `    uri:${uri}`),
].join(' \\\n')

/** Returns what to do with the variable that holds, or points at, what is no macaroon. */
export function noMacaroonText(variable: MacaroonVariable | undefined): string {
  const mend =
    variable === 'LND_MACAROON'
      ? 'Set LND_MACAROON to the hex or base64 of the file that lncli baked.'
      : 'Point LND_MACAROON_PATH at the file that lncli baked.'
  return `Macaroon: this is no macaroon of LND. ${mend}`
}

/** Returns what a macaroon can do that it need not. */
export function excessText(excess: readonly string[]): string {
  const shown = excess.slice(0, 4).join(', ')
  const rest = excess.length > 4 ? ` and ${excess.length - 4} more` : ''
  return (
    `Macaroon: it can do more than read (${shown}${rest}). missed-sats never needs that; bake one ` +
    `that only reads:\n${BAKE}`
  )
}

/** Returns what is wrong with LND and what to do. */
export function lndProblem(error: unknown): string {
  const state = stateOf(error)
  if (!state || state === 'connecting') return `LND: ${messageOf(error)}`
  const { title, does } = lndText(state)
  return `LND: ${title} (${messageOf(error)}). ${does}`
}

/** Returns the state of LND that an error shows. */
export function stateOf(error: unknown): LndState | undefined {
  return error instanceof Error && 'state' in error ? (error.state as LndState) : undefined
}

/** Returns why Telegram does not answer as it should. */
export function telegramAdvice(error: unknown): string {
  const code = codeOf(error)
  if (code === 401 || code === 404)
    return 'Telegram does not know the token. Ask @BotFather for it.'
  if (code !== undefined) return `Telegram answers ${messageOf(error)}.`
  return `it cannot be reached (${reasonOf(error)}). Check the network, TELEGRAM_PROXY and TELEGRAM_API_ROOT.`
}

/** Returns why the bot cannot write to a chat. */
export function chatAdvice(error: unknown): string {
  if (codeOf(error) !== 400 && codeOf(error) !== 403) return telegramAdvice(error)
  return 'the bot cannot write there. Write /start to it in that chat, or add it to the group.'
}

function codeOf(error: unknown): number | undefined {
  const code = error instanceof Error && 'error_code' in error ? error.error_code : undefined
  return typeof code === 'number' ? code : undefined
}

/** Returns the words of an error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
