/** @import { PageEvent, PageWish } from '../page-contract.ts' */

/**
 * Listens to the demo; the browser asks again by itself when the connection is lost.
 * @param {(event: PageEvent) => void} onEvent
 * @param {(isThere: boolean) => void} onLink
 */
export function listen(onEvent, onLink) {
  const source = new EventSource('events')
  source.addEventListener('open', () => onLink(true))
  source.addEventListener('error', () => onLink(false))
  source.addEventListener('message', ({ data }) => onEvent(JSON.parse(data)))
}

/**
 * Tells the demo what somebody does here.
 * @param {PageWish} wish
 * @returns {Promise<boolean>} whether it was told
 */
export async function tell(wish) {
  try {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch('wish', { method: 'POST', headers, body: JSON.stringify(wish) })
    return answer.ok
  } catch {
    return false
  }
}
