import type { Config } from '../config.ts'
import { secretsOf } from '../config.ts'
import type { NodeInfo } from '../lightning/channel.ts'
import { excessiveGrants, macaroonGrants } from '../lnd/macaroon.ts'
import { isSupported } from '../lnd/version.ts'
import { scrubber } from '../log.ts'
import { lndText } from '../messages/lnd-states.ts'
import {
  BAKE,
  chatAdvice,
  excessText,
  lndProblem,
  messageOf,
  noMacaroonText,
  stateOf,
  telegramAdvice,
} from './check-advice.ts'
import type { CheckDeps, CheckedLnd, CheckedLndManage, CheckedTelegram } from './check-deps.ts'
import type { Way } from './check-ways.ts'

type Mark = '✓' | '✗' | '!' | '-'
type Say = (mark: Mark, text: string) => void

/**
 * Tests everything that `start` needs and says line by line what works (✓), what must be mended
 * (✗) and what should be looked at (!), each hop of the network by itself. Like `start` it makes the
 * store where there is none and binds it to the node. Returns the exit code: 1 when something must
 * be mended.
 */
export async function check(
  config: Config,
  print: (line: string) => void,
  deps?: CheckDeps,
): Promise<number> {
  const scrub = scrubber(secretsOf(config))
  let failed = 0
  const say: Say = (mark, text) => {
    if (mark === '✗') failed++
    print(scrub(`${mark} ${text}`))
  }
  say('✓', 'Configuration: every variable can be read')
  const { connectLnd, openStore, openTelegram, connectLndManage, ways } =
    deps ?? (await import('./check-deps.ts')).REAL_DEPS
  const isReadable = await checkFiles(config, say)
  const isOpen = await walk(ways.toLnd(config), say)
  const node = isReadable && isOpen ? await checkLnd(connectLnd(config), say, print) : undefined
  if (!isOpen) say('-', 'Permissions: not tested until LND answers')
  await checkStore(() => openStore(config), node, say)
  if (await walk(ways.toTelegram(config), say)) {
    await checkTelegram(() => openTelegram(config), config, say)
  }
  await walk(ways.toListen(config), say)
  await walk(ways.toPing(config), say)
  if (config.lndManageUrl) await checkLndManage(connectLndManage(config.lndManageUrl), say)
  print(failed === 0 ? '\nAll is well.' : `\n${failed} to mend: see the lines with ✗.`)
  return failed === 0 ? 0 : 1
}

/** Says each step of a way, and returns whether it is open to its end. */
async function walk(way: Way, say: Say): Promise<boolean> {
  let isOpen = true
  for await (const { mark, text } of way) {
    say(mark, text)
    if (mark === '✗') isOpen = false
  }
  return isOpen
}

/** Tests certificate and macaroon as files; returns whether a connection can be tried with them. */
async function checkFiles({ lnd }: Config, say: Say): Promise<boolean> {
  const certificate = await attempt(lnd.readCertificate, say, 'Certificate')
  if (certificate) say('✓', 'Certificate: it can be read')
  const macaroon = await attempt(lnd.readMacaroon, say, 'Macaroon')
  if (macaroon === undefined) return false
  const grants = macaroonGrants(macaroon)
  if (!grants) {
    say('✗', noMacaroonText(lnd.macaroonVariable))
    return false
  }
  say('✓', 'Macaroon: it can be read')
  const excess = excessiveGrants(grants)
  if (excess.length > 0) say('!', excessText(excess))
  return certificate !== undefined
}

async function checkLnd(
  connection: CheckedLnd,
  say: Say,
  print: (line: string) => void,
): Promise<NodeInfo | undefined> {
  await using lnd = connection
  const answer = await lnd.nodeInfo().catch((error: unknown) => ({ error }))
  if ('error' in answer) say('✗', lndProblem(answer.error))
  else sayNode(answer, say)
  // A macaroon without GetInfo may still hold the rest; any other trouble would look like a lack
  // of every permission.
  const isTried = !('error' in answer) || stateOf(answer.error) === 'no-permission'
  if (isTried) await checkPermissions(lnd, say, print)
  else say('-', 'Permissions: not tested until LND answers')
  if ('error' in answer && stateOf(answer.error) === 'bad-macaroon') print(BAKE)
  return 'error' in answer ? undefined : answer
}

async function checkPermissions(
  lnd: CheckedLnd,
  say: Say,
  print: (line: string) => void,
): Promise<void> {
  const permissions = await lnd.permissions()
  for (const { rpc, ok, problem } of permissions) {
    say(ok ? '✓' : '✗', `Permission ${rpc}${ok ? '' : `: ${problem ?? 'refused'}`}`)
  }
  if (permissions.some(({ ok }) => !ok)) print(`  Bake a macaroon with all of them:\n${BAKE}`)
}

function sayNode(node: NodeInfo, say: Say): void {
  const name = node.alias || node.pubkey.slice(0, 10)
  if (!isSupported(node.version)) {
    say('✗', `LND ${node.version}: ${lndText('too-old').does}`)
    return
  }
  say('✓', `LND: it answers as ${name} on ${node.network || 'an unnamed network'}, ${node.version}`)
  if (!node.syncedToChain) say('!', 'LND: it is not synced to the chain yet')
}

async function checkStore(
  open: () => ReturnType<CheckDeps['openStore']>,
  node: NodeInfo | undefined,
  say: Say,
): Promise<void> {
  const opened = await attempt(open, say, 'Store')
  if (!opened) return
  await using store = opened.store
  const size = await attempt(() => store.sizeBytes(), say, 'Store')
  if (size === undefined) return
  const megabytes = (size / 1_000_000).toFixed(1)
  const use = opened.held ? '; a running missed-sats has it open, as it should' : ''
  say('✓', `Store: it can be read, ${megabytes} MB${use}`)
  if (!node) return
  const claimed = await attempt(() => store.claim(node.pubkey).then(() => true), say, 'Store')
  if (claimed) say('✓', 'Store: it is of this node')
}

async function checkTelegram(
  open: () => CheckedTelegram,
  { telegram: { chatIds, proxy } }: Config,
  say: Say,
): Promise<void> {
  const telegram = open()
  const way = proxy ? ' through the proxy' : ''
  const name = await attempt(() => telegram.me(), say, `Telegram${way}`, telegramAdvice)
  if (name === undefined) return
  say('✓', `Telegram: the bot is @${name}${way}`)
  if (chatIds.length === 0) say('-', 'Chats: none in TELEGRAM_CHAT_IDS; they pair by a code')
  for (const id of chatIds) {
    const title = await attempt(() => telegram.chat(id), say, `Chat ${id}`, chatAdvice)
    if (title !== undefined) say('✓', `Chat ${id}: ${title}`)
  }
}

/** The program does without lnd-manage: its absence is looked at, not mended. */
async function checkLndManage(connection: CheckedLndManage, say: Say): Promise<void> {
  await using lndManage = connection
  const answer = await lndManage.blockHeight().catch((error: unknown) => messageOf(error))
  if (typeof answer === 'number') say('✓', `lnd-manage: it answers, at block ${answer}`)
  else say('!', `lnd-manage: ${answer}. Check LND_MANAGE_URL; without it /channel shows less.`)
}

/** Returns what `act` does, or undefined after having said what is wrong. */
async function attempt<T>(
  act: () => Promise<T>,
  say: Say,
  what: string,
  advise: (error: unknown) => string = messageOf,
): Promise<T | undefined> {
  try {
    return await act()
  } catch (error) {
    say('✗', `${what}: ${advise(error)}`)
    return undefined
  }
}
