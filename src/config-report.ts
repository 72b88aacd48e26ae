import { type Given, readVariables, VARIABLE_NAMES } from './config.ts'
import { VARIABLES } from './config-variables.ts'
import { merged, type Sources } from './environment.ts'

const HIDDEN = '[hidden]'
// Secrets whole, and a certificate, which would fill the screen.
const HIDDEN_NAMES: ReadonlySet<string> = new Set([
  'TELEGRAM_BOT_TOKEN',
  'LND_MACAROON',
  'LND_TLS_CERT',
])
const URL_NAMES: ReadonlySet<string> = new Set([
  'LND_PROXY',
  'TELEGRAM_PROXY',
  'LND_MANAGE_URL',
  'TELEGRAM_API_ROOT',
  'PING_URL',
])

/**
 * Returns the lines of `missed-sats config`: each variable with the value in effect, secrets
 * hidden, and where it came from, in the form of a `.env`.
 */
export function configReport(sources: Sources): readonly string[] {
  const given = readVariables(merged(sources))
  return VARIABLE_NAMES.map((name) => line(name, given, sources))
}

function line(name: string, { values, problems }: Given, sources: Sources): string {
  if (problems.has(name)) return `# ${name} cannot be read`
  const value = values[name]
  if (value !== undefined) return `${name}=${shown(name, value)}  # ${originOf(name, sources)}`
  const fallback = defaultOf(name)
  return fallback === undefined ? `# ${name} is not set` : `${name}=${fallback}  # default`
}

function originOf(name: string, { environment, dotEnv }: Sources): string {
  const place = (variable: string) => (environment[variable] ? 'the environment' : '.env')
  const path = environment[`${name}_FILE`] ?? dotEnv[`${name}_FILE`]
  return path ? `the file ${path}, by ${name}_FILE of ${place(`${name}_FILE`)}` : place(name)
}

/** A value without what lets one in: of URLs the login, of PING_URL all but the host. */
function shown(name: string, value: string): string {
  const isBroken = URL_NAMES.has(name) && !URL.canParse(value)
  if (HIDDEN_NAMES.has(name) || isBroken) return HIDDEN
  if (name === 'PING_URL') return `${new URL(value).origin}/${HIDDEN}`
  return value.replace(/\/\/.*@/, `//${HIDDEN}@`)
}

function defaultOf(name: string): string | undefined {
  const schema = VARIABLES.shape[name as keyof typeof VARIABLES.shape]
  const { data } = schema.safeParse(undefined)
  const isEmpty = data === undefined || (Array.isArray(data) && data.length === 0)
  return isEmpty ? undefined : String(data)
}
