import type { LndState, LndStatus } from '../lightning/node-status.ts'
import { localTime, type Reading } from './format.ts'
import { type Html, html } from './html.ts'

/** A state of the connection to LND in plain words, and what the operator should do. */
export type LndText = { mark: string; title: string; does: string }

/** Returns the words for a state of the connection to LND. */
export function lndText(state: LndState): LndText {
  return TEXTS[state]
}

/** Warns that figures stand still; undefined while LND is listened to. */
export function blindLine(lnd: LndStatus, reading: Reading): Html | undefined {
  if (lnd.state === 'listening') return undefined
  const { mark, title } = lndText(lnd.state)
  return html`${mark} Blind since ${localTime(lnd.since, reading)}: ${title}. /status says more.`
}

const TEXTS: Readonly<Record<LndState, LndText>> = {
  listening: { mark: '🟢', title: 'listening to LND', does: 'All is well.' },
  connecting: {
    mark: '🟡',
    title: 'connecting to LND',
    does: 'Nothing to do: this takes seconds.',
  },
  unreachable: {
    mark: '🔴',
    title: 'LND cannot be reached',
    does: 'Is LND running, and does LND_SOCKET name its gRPC port? It is tried again all the time.',
  },
  'wallet-missing': {
    mark: '🔴',
    title: 'LND has no wallet yet',
    does: 'Make one on the node: lncli create.',
  },
  locked: {
    mark: '🔴',
    title: "LND's wallet is locked",
    does: 'Unlock it on the node: lncli unlock. The rest goes by itself.',
  },
  starting: {
    mark: '🟡',
    title: 'LND is starting',
    does: 'Nothing to do: it syncs first, which takes minutes, seldom hours.',
  },
  'bad-certificate': {
    mark: '🔴',
    title: "LND's certificate is not the one given",
    does: 'Copy the present tls.cert to LND_TLS_CERT_PATH; it is read again at every try. If LND is called by another name than its certificate has, set LND_TLS_SERVER_NAME.',
  },
  'bad-macaroon': {
    mark: '🔴',
    title: 'LND refuses the macaroon',
    does: 'Bake a new one and put it in LND_MACAROON_PATH; it is read again at every try. missed-sats check prints the command.',
  },
  'no-permission': {
    mark: '🔴',
    title: 'the macaroon lacks a permission',
    does: 'missed-sats check says which one and prints the command that bakes the right macaroon.',
  },
  'too-old': {
    mark: '🔴',
    title: 'this LND is too old',
    does: 'LND 0.16 or later is needed: update LND.',
  },
}
