import { trackMessage } from '../../messages/track.ts'
import type { Command } from '../command.ts'

/** Shows how forecasts held up. */
export const track: Command = {
  name: 'track',
  usage: '',
  summary: 'How forecasts held up against what was then earned',
  run(_words, { ports, reading }) {
    return { messages: [trackMessage(ports.analyzer.track(), reading)] }
  },
}
