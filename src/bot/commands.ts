import type { Command } from './command.ts'
import { channel } from './commands/channel.ts'
import { help } from './commands/help.ts'
import { revoke } from './commands/revoke.ts'
import { start } from './commands/start.ts'
import { status } from './commands/status.ts'
import { timezone } from './commands/timezone.ts'
import { top } from './commands/top.ts'

/** All that a chat may ask, in the order of /help and of Telegram's menu. */
export const COMMANDS: readonly Command[] = [top, channel, status, timezone, help, start, revoke]
