/** Where we stand with LND, as an operator would say it. */
export type LndState =
  | 'connecting'
  | 'unreachable'
  | 'wallet-missing'
  | 'locked'
  | 'starting'
  | 'bad-certificate'
  | 'bad-macaroon'
  | 'no-permission'
  | 'too-old'
  | 'listening'

/** The state of the connection to LND and since when, with LND's own words (secrets removed). */
export type LndStatus = {
  state: LndState
  /** Epoch milliseconds. */
  since: number
  detail: string
  /** How often the event stream was opened again since the program started. */
  reconnects: number
}
