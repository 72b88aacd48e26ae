import type { IncomingMessage, ServerResponse } from 'node:http'

// Nothing is loaded from elsewhere, nothing runs but the page's own files, and no page frames it.
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Sets what every answer says to the browser. */
export function setSafeHeaders(response: ServerResponse): void {
  response.setHeader('content-security-policy', POLICY)
  response.setHeader('cross-origin-opener-policy', 'same-origin')
  response.setHeader('cross-origin-resource-policy', 'same-origin')
  response.setHeader('referrer-policy', 'no-referrer')
  response.setHeader('x-content-type-options', 'nosniff')
  response.setHeader('cache-control', 'no-store')
}

/**
 * Whether a request comes from the page itself or from somebody who types its address. Another web
 * page that resolves a name of its own to this machine names itself as the host, and one that posts
 * names itself as the origin.
 */
export function isOwn({ headers, method }: IncomingMessage, port: number): boolean {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  const { host = '', origin } = headers
  if (!hosts.includes(host)) return false
  if (origin !== undefined) return origin === `http://${host}`
  return method === 'GET' || method === 'HEAD'
}
