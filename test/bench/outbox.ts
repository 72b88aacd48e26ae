import { createLog } from '../../src/log.ts'
import { openStore } from '../../src/store/open-store.ts'
import { crashThrough } from '../alerts/crash-run.ts'
import { temporaryFolder } from '../support/folder.ts'
import { killThrough } from './outbox-kills.ts'

// Alerts through the outbox: 100,000 with the program ended at every wait, and 1,000 with 100 real
// kills -9. `npm run bench:outbox [ALERTS] [KILLS]`.
const alerts = Number(process.argv[2] ?? 100_000)
const kills = Number(process.argv[3] ?? 100)
const OF_WAVE = 100
const OF_LIFE = 10

await using folder = await temporaryFolder()
if (alerts > 0) {
  const from = performance.now()
  const url = `sqlite://${folder.path}/crashes.sqlite`
  await using store = await openStore({ url, log: createLog('silent') })
  const { lost, ...report } = await crashThrough(store, alerts, OF_WAVE)
  print('crashes in process', from, { ...report, lost: lost.length })
  if (lost.length > 0 || report.repeats > report.doubtfulRepeats) process.exitCode = 1
}
if (kills > 0) {
  const from = performance.now()
  const report = await killThrough(`${folder.path}/kills.sqlite`, kills, OF_LIFE)
  print('kills -9', from, report)
  if (report.lost > 0 || report.unmarked > report.letters) process.exitCode = 1
}

function print(name: string, from: number, report: object): void {
  const seconds = Math.round((performance.now() - from) / 1000)
  process.stdout.write(`${name}: ${JSON.stringify({ ...report, seconds })}\n`)
}
