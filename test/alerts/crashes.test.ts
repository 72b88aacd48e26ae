import { expect, it } from 'vitest'
import { open } from '../store/support.ts'
import { temporaryFolder } from '../support/folder.ts'
import { crashThrough } from './crash-run.ts'

it('loses no alert of 1,000 through a crash at every wait, and repeats only what it could not know', async () => {
  await using folder = await temporaryFolder()
  await using store = await open(`${folder.path}/alerts.sqlite`)
  const report = await crashThrough(store, 1_000, 10)
  expect(report.lost).toEqual([])
  expect(report.crashes).toBeGreaterThan(2 * report.waitsOfWave)
  expect(report.repeats).toBe(report.doubtfulRepeats)
  expect(report.repeats).toBeGreaterThan(0)
}, 60_000)
