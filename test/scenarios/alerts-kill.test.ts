import { expect, it } from 'vitest'
import { temporaryFolder } from '../support/folder.ts'
import { AlertProcess } from './alert-process.ts'
import { channel, heads, NOW, OWNER, openTelegram, reading, sends } from './alert-setting.ts'

const MINUTE_MS = 60_000
const SPIKE = reading('spike.local', channel(1))
const ONE = { world: [SPIKE], minutes: 2, stuck: [] }

it.each(['before-transition', 'after-transition', 'after-sending', 'accepted', 'after-result'])(
  '10: killed %s, an alert is told; twice only if it had arrived, and then it says so',
  async (point) => {
    await using folder = await temporaryFolder()
    const { api, said } = await openTelegram(() => 0)
    await using _api = api
    api.say(OWNER, '/help')
    const file = `${folder.path}/alerts.sqlite`
    const first = await AlertProcess.start(api.url, file, NOW, point)
    const stopListening = api.onMessage(({ text }) => {
      // Telegram has it, and its answer will not be heard.
      if (point === 'accepted' && text.includes('47 payments')) first.child.kill('SIGKILL')
    })
    await first.live(ONE)
    await first.died()
    stopListening()
    const second = await AlertProcess.start(api.url, file, NOW + 3 * MINUTE_MS)
    expect(await second.live(ONE)).toBe(true)
    await second.kill()
    const alerts = heads(sends(said)).filter((head) => head.includes('47 payments'))
    expect(alerts).toHaveLength(point === 'accepted' ? 2 : 1)
    const isUnsure = point === 'accepted' || point === 'after-sending'
    expect(alerts.at(-1)?.includes('(may be a repeat)')).toBe(isUnsure)
  },
)

it('15: killed amid an hour without Telegram, it tells the same when both are back', async () => {
  await using folder = await temporaryFolder()
  const { api, said } = await openTelegram(() => 0)
  await using _api = api
  api.say(OWNER, '/help')
  const file = `${folder.path}/alerts.sqlite`
  const first = await AlertProcess.start(api.url, file, NOW)
  api.cut(true)
  const critical = [1, 2].map((n) => reading('peer.offline', `peer:away${n}`, { severity: 'crit' }))
  const spikes = Array.from({ length: 38 }, (_, i) => reading('spike.local', channel(i)))
  const stuck = [OWNER]
  await first.live({ world: [...spikes.slice(0, 20), ...critical], minutes: 20, stuck })
  await first.live({ world: [...spikes.slice(12), ...critical], minutes: 12, stuck })
  await first.kill()
  api.cut(false)
  said.length = 0
  const second = await AlertProcess.start(api.url, file, NOW + 60 * MINUTE_MS)
  await second.live({ world: [...spikes.slice(12), ...critical], minutes: 3, stuck: [] })
  await second.kill()
  const fresh = heads(sends(said)).filter((head) => /🚨|🟠|alerts while/.test(head))
  expect(fresh.filter((head) => head.startsWith('🚨'))).toHaveLength(2)
  expect(fresh.length).toBeLessThanOrEqual(6)
  expect(fresh.every((head) => head.includes('(delayed'))).toBe(true)
  // The list that was under way when the network went may have arrived.
  expect(fresh.slice(2)).toEqual([
    expect.stringMatching(/^🟠 20 alerts .*\(may be a repeat\)$/),
    expect.stringMatching(/^🟠 18 alerts while Telegram could not be reached/),
  ])
})
