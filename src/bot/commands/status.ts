import { statusMessages } from '../../messages/status.ts'
import type { Command } from '../command.ts'

/** Shows where everything stands. */
export const status: Command = {
  name: 'status',
  topic: 'program',
  usage: '',
  summary: 'Connection to LND, gaps, counters, what was left out, versions',
  run(_words, { ports, reading, telegram }) {
    const data = {
      lnd: ports.lnd(),
      node: ports.node(),
      memory: ports.memory.status(reading.now),
      program: ports.facts(),
      telegram,
      sparse: ports.alerts.sparse(),
    }
    return { messages: statusMessages(data, reading) }
  },
}
