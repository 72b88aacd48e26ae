/** Where we stand with LND, as an operator would say it. */
export const LND_STATES = [
  'connecting',
  'unreachable',
  'wallet-missing',
  'locked',
  'starting',
  'bad-certificate',
  'bad-macaroon',
  'no-permission',
  'too-old',
  'listening',
] as const
export type LndState = (typeof LND_STATES)[number]

/** The state of the connection to LND and since when, with LND's own words (secrets removed). */
export type LndStatus = {
  state: LndState
  /** Epoch milliseconds. */
  since: number
  detail: string
  /** How often the event stream was opened again since the program started. */
  reconnects: number
}
