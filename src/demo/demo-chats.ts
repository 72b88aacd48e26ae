import type { BotApi } from './bot-api.ts'
import type { PageChat } from './page-contract.ts'

/** The operator's own chat with the bot, which the terminal shows too. */
export const CHAT_ID = 1_000_001
const GROUP_ID = -1_001_000_001
const STRANGER_ID = 2_000_002

/** The operator's chats with the bot, and that of somebody who is not paired. */
export const CHATS: readonly PageChat[] = [
  {
    id: CHAT_ID,
    title: 'missed sats',
    account: 'You, the operator',
    personId: CHAT_ID,
    topics: [],
    isPaired: true,
    hint: 'The bot answers here',
  },
  {
    id: GROUP_ID,
    title: 'Node crew',
    account: 'You, the operator',
    personId: CHAT_ID,
    topics: [
      { id: undefined, title: 'General' },
      { id: 2, title: 'Rebalancing' },
    ],
    isPaired: true,
    hint: 'A group with topics',
  },
  {
    id: STRANGER_ID,
    title: 'missed sats',
    account: 'A stranger who found the bot',
    personId: STRANGER_ID,
    topics: [],
    isPaired: false,
    hint: 'Gets no data: not paired',
  },
]

/** The chats that the bot is told to answer. */
export const PAIRED: readonly number[] = CHATS.filter(({ isPaired }) => isPaired).map(
  ({ id }) => id,
)

/** Makes the groups, in which the operator is the administrator. */
export function openGroups(api: BotApi): void {
  for (const { id, title, topics } of CHATS) {
    if (id > 0) continue
    api.group({
      id,
      title,
      administrators: [CHAT_ID],
      topics: topics.flatMap((one) => one.id ?? []),
    })
  }
}
