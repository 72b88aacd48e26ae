import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { ConfigError, type Environment } from './config.ts'

/** Where variables come from: the environment of the process and `.env` of the working folder. */
export type Sources = { environment: Environment; dotEnv: Environment }

/**
 * Reads both sources anew.
 * @throws ConfigError when there is a `.env` that cannot be read.
 */
export function readSources(): Sources {
  return { environment: process.env, dotEnv: readDotEnv() }
}

/** Returns the variables of both sources; what the environment sets wins. */
export function merged({ environment, dotEnv }: Sources): Environment {
  return { ...dotEnv, ...environment }
}

function readDotEnv(): Environment {
  try {
    return parseEnv(readFileSync('.env', 'utf8'))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    if (code === 'ENOENT') return {}
    throw new ConfigError([`.env cannot be read (${code})`])
  }
}
