import { describe, expect, it } from 'vitest'
import type { Scid } from '../../src/lightning/scid.ts'
import { notAnalysedYet } from '../../src/messages/estimate.ts'
import { type Explained, explainMessage } from '../../src/messages/explain.ts'
import { FakeAnalyzer } from '../support/fake-analyzer.ts'
import { AWKWARD_CHANNELS } from '../support/fake-memory.ts'
import { expectValid } from '../support/telegram-html.ts'
import { NOW, READING, read, shown } from './support.ts'

function explain(analyzer: FakeAnalyzer, scid: Scid | undefined) {
  const explanation = analyzer.explain(scid, '7d')
  const found = analyzer.opportunities('7d')
  if (explanation === undefined || found === undefined) throw new Error('not analysed')
  const opportunity = found.rows.find((row) => row.scid === scid)
  const explained: Explained =
    scid === undefined
      ? { kind: 'node', best: found.node.best, upToMsat: 300_000n }
      : {
          kind: 'channel',
          scid,
          alias: opportunity?.alias ?? '',
          opportunity,
          change: analyzer.rankChange(scid),
        }
  const message = explainMessage(explanation, explained, '7d', READING)
  expectValid(message)
  return message
}

describe(explainMessage, () => {
  it('walks from attempts to the expected figure, for a channel', async () => {
    const analyzer = new FakeAnalyzer(AWKWARD_CHANNELS, NOW)
    await analyzer.ignore(1_001, true)
    const message = explain(analyzer, '800123x45x1')
    await expect(shown(message)).toMatchFileSnapshot('snapshots/explain-channel.html')
    expect(read(message)).toMatch(
      /Attempts[\s\S]*Demands[\s\S]*Served[\s\S]*Chance[\s\S]*Inflow[\s\S]*Expected[\s\S]*Left out/,
    )
  })

  it('walks through it for the node, whose sum is not attainable', async () => {
    const message = explain(new FakeAnalyzer(AWKWARD_CHANNELS, NOW), undefined)
    await expect(shown(message)).toMatchFileSnapshot('snapshots/explain-node.html')
    expect(read(message)).toMatch(
      /as if it alone were filled. Together .* so \/top says up to ≈ 300 sat/,
    )
  })

  it('says so where the inflow took nothing off', () => {
    const analyzer = new FakeAnalyzer(AWKWARD_CHANNELS, NOW)
    const explanation = analyzer.explain(undefined, '7d')
    if (explanation === undefined) throw new Error('not analysed')
    const { afterChanceMsat } = explanation
    const node: Explained = { kind: 'node', best: undefined, upToMsat: undefined }
    const all = { ...explanation, afterInflowMsat: afterChanceMsat }
    expect(read(explainMessage(all, node, '7d', READING))).toMatch(
      /took nothing off; left: 484 sat/,
    )
  })

  it('shows no figure with too little data, and no step where nothing was refused', async () => {
    const young = new FakeAnalyzer(AWKWARD_CHANNELS, NOW)
    young.isTooLittle = true
    const messages = [
      explain(young, '800123x45x1'),
      explain(new FakeAnalyzer(AWKWARD_CHANNELS, NOW), '790001x12x0'),
      notAnalysedYet(['explain', '7d']),
    ]
    await expect(shown(...messages)).toMatchFileSnapshot('snapshots/explain-others.html')
    expect(messages.map(read).join('\n')).not.toMatch(/Expected/)
  })
})
