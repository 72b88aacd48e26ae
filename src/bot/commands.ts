import type { Command } from './command.ts'
import { alerts } from './commands/alerts.ts'
import { channel } from './commands/channel.ts'
import { chart } from './commands/chart.ts'
import { demands } from './commands/demands.ts'
import { digest } from './commands/digest.ts'
import { done } from './commands/done.ts'
import { earnings } from './commands/earnings.ts'
import { explain } from './commands/explain.ts'
import { exportCommand } from './commands/export.ts'
import { forwards } from './commands/forwards.ts'
import { help } from './commands/help.ts'
import { least } from './commands/least.ts'
import { liquidity } from './commands/liquidity.ts'
import { mute, mutes } from './commands/mute.ts'
import { revoke } from './commands/revoke.ts'
import { sensitivity, settings } from './commands/settings.ts'
import { start } from './commands/start.ts'
import { status } from './commands/status.ts'
import { timezone } from './commands/timezone.ts'
import { top } from './commands/top.ts'
import { track } from './commands/track.ts'
import { unmute } from './commands/unmute.ts'
import { why } from './commands/why.ts'

/** All that a chat may ask, in the order of /help and of Telegram's menu. */
export const COMMANDS: readonly Command[] = [
  digest,
  top,
  channel,
  chart,
  explain,
  demands,
  why,
  done,
  track,
  least,
  forwards,
  earnings,
  liquidity,
  exportCommand,
  alerts,
  mute,
  unmute,
  mutes,
  settings,
  sensitivity,
  status,
  timezone,
  help,
  start,
  revoke,
]
