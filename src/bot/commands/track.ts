import type { Scid } from '../../lightning/scid.ts'
import { trackMessage } from '../../messages/track.ts'
import type { Command } from '../command.ts'
import { USUAL_WINDOW } from '../which-channel.ts'

/** Shows how forecasts held up. */
export const track: Command = {
  name: 'track',
  topic: 'missed',
  usage: '',
  summary: 'How forecasts held up against what was then earned',
  run(_words, { ports, reading }) {
    const { memory, analyzer } = ports
    const aliasOf = (scid: Scid) => memory.channel(scid, USUAL_WINDOW, reading.now)?.alias ?? ''
    return { messages: [trackMessage(analyzer.track(), aliasOf, reading)] }
  },
}
