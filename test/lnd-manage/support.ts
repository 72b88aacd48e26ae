import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Scid } from '../../src/lightning/scid.ts'
import { connectLndManage } from '../../src/lnd-manage/lnd-manage.ts'
import { createLog } from '../../src/log.ts'
import { manualClock } from '../support/manual-clock.ts'

export const ALICE: Scid = '800123x45x1'
export const PUBKEY = `03${'ab'.repeat(32)}`

/** What the server says to a path: a body of status 200, or whatever it likes. */
type Answer = string | ((response: ServerResponse) => void)

/** A web server that answers what it is told to, and anything else as lnd-manage does what it does not know. */
export async function startManageServer(answers: Record<string, Answer> = {}) {
  const asked: string[] = []
  let open = 0
  let mostAtOnce = 0
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(`${request.method} ${path}`)
    open += 1
    mostAtOnce = Math.max(mostAtOnce, open)
    response.on('close', () => {
      open -= 1
    })
    const answer = answers[path]
    if (answer === undefined) response.writeHead(404).end()
    else if (typeof answer === 'string') json(response, answer)
    else answer(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    asked,
    mostAtOnce: () => mostAtOnce,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export function json(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(body)
}

export function status(code: number, headers: Record<string, string> = {}): Answer {
  return (response) => void response.writeHead(code, headers).end('<html>an error page</html>')
}

/** A program's view of that server, and what it logged at info and above. */
export function connectTo(url: string) {
  const clock = manualClock(Date.UTC(2026, 10, 21))
  const lines: { level: number; msg: string; reason?: string }[] = []
  const log = createLog('info', [], { write: (line) => void lines.push(JSON.parse(line)) })
  return { manage: connectLndManage(url, { clock, log }), clock, lines }
}

const REPORTS = {
  onChainCosts: { openCostsSat: '1000', closeCostsSat: '0', sweepCostsSat: '0' },
  balance: {
    localBalanceSat: '1000',
    localReserveSat: '100',
    localAvailableSat: '900',
    remoteBalanceSat: '123',
    remoteReserveSat: '10',
    remoteAvailableSat: '113',
  },
  feeReport: { earnedMilliSat: '12345678', sourcedMilliSat: '567000' },
  flowReport: {
    forwardedSentMilliSat: '9007199254740993',
    forwardedReceivedMilliSat: '2000000000',
    forwardingFeesReceivedMilliSat: '10',
    rebalanceSentMilliSat: '60000',
    rebalanceFeesSentMilliSat: '4',
    rebalanceReceivedMilliSat: '61000',
    rebalanceSupportSentMilliSat: '9000',
    rebalanceSupportFeesSentMilliSat: '2',
    rebalanceSupportReceivedMilliSat: '10',
    receivedViaPaymentsMilliSat: '1000',
    totalSentMilliSat: '70006',
    totalReceivedMilliSat: '63021',
  },
  rebalanceReport: {
    sourceCostsMilliSat: '101000',
    sourceAmountMilliSat: '666000000',
    targetCostsMilliSat: '201000',
    targetAmountMilliSat: '992000000',
    supportAsSourceAmountMilliSat: '101000',
    supportAsTargetAmountMilliSat: '201000',
  },
  warnings: ['Channel balance ranged from 2% to 97% in the past 7 days'],
  rating: { rating: 1234, message: '', descriptions: { earned: '9000', 'scaled by days': '30' } },
}

const POLICY = {
  feeRatePpm: 200,
  baseFeeMilliSat: '0',
  inboundFeeRatePpm: -100,
  inboundBaseFeeMilliSat: '-1',
  enabled: true,
  timeLockDelta: 40,
  minHtlcMilliSat: '1000',
  maxHtlcMilliSat: '4950000000',
}

/** All fields of lnd-manage's ChannelDetailsDto, written as its ObjectMapper does: indented. */
export function channelDetails(given: object = {}): string {
  const details = {
    channelIdShort: '879744464389046273',
    channelIdCompact: ALICE,
    channelIdCompactLnd: '800123:45:1',
    channelPoint: `${'ab'.repeat(32)}:1`,
    openHeight: 800123,
    remotePubkey: PUBKEY,
    openInitiator: 'LOCAL',
    remoteAlias: 'alice',
    capacitySat: '5000000',
    totalSentSat: '0',
    totalReceivedSat: '0',
    status: { private: false, active: true, closed: false, openClosed: 'OPEN' },
    policies: { local: POLICY, remote: { ...POLICY, feeRatePpm: 300 } },
    closeDetails: { initiator: '', height: 0, force: false, breach: false },
    numUpdates: 101,
    minHtlcConstraintMsat: '1',
    ...REPORTS,
    ...given,
  }
  return JSON.stringify(details, undefined, 2)
}

/** All fields of its NodeDetailsDto. */
export function nodeDetails(given: object = {}): string {
  const details = {
    node: PUBKEY,
    alias: 'alice',
    channels: [ALICE, '800124x1x0'],
    closedChannels: ['700000x1x0'],
    waitingCloseChannels: [],
    pendingForceClosingChannels: [],
    onlineReport: {
      online: true,
      since: '2026-11-20T23:00:00Z',
      onlinePercentage: 99,
      daysForOnlinePercentage: 14,
      changes: 3,
      daysForChanges: 7,
    },
    ...REPORTS,
    warnings: [],
    rating: { rating: -1, message: 'Unable to compute rating', descriptions: {} },
    ...given,
  }
  return JSON.stringify(details, undefined, 2)
}
