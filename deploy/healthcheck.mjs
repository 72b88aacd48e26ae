// The image's HEALTHCHECK: asks the program whether its own process works. LND, Telegram or the
// store being in trouble is no reason to restart it; that is /healthz, for people and their monitors.
const listen = process.env.HTTP_LISTEN?.trim()
// HTTP_LISTEN was emptied: there is nobody to ask, and nothing is wrong.
if (!listen) process.exit(0)
const url = new URL(`http://${listen.includes(':') ? listen : `127.0.0.1:${listen}`}/livez`)
// Who listens at every address does at loopback, too, of IPv4 even for [::].
if (['0.0.0.0', '[::]'].includes(url.hostname)) url.hostname = '127.0.0.1'
const response = await fetch(url, {
  redirect: 'error',
  signal: AbortSignal.timeout(4_000),
}).catch(() => undefined)
process.exit(response?.ok ? 0 : 1)
