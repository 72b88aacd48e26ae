// The image's HEALTHCHECK: asks the program whether its own process works. LND, Telegram or the
// store being in trouble is no reason to restart it; that is /healthz, for people and their monitors.
const listen = process.env.HTTP_LISTEN
const port = Number(listen?.slice(listen.lastIndexOf(':') + 1))
// HTTP_LISTEN was emptied: there is nobody to ask, and nothing is wrong.
if (!listen) process.exit(0)
const response = await fetch(`http://127.0.0.1:${port}/livez`, {
  redirect: 'error',
  signal: AbortSignal.timeout(4_000),
}).catch(() => undefined)
process.exit(response?.ok ? 0 : 1)
