import { access, readFile } from 'node:fs/promises'
import { DockerfileParser } from 'dockerfile-ast'
import { validate } from 'dockerfile-utils'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { VARIABLE_NAMES } from '../../src/config.ts'
import { VERSION } from '../../src/version.ts'

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8')
const dockerfile = await read('Dockerfile')
const compose = parse(await read('deploy/compose.yaml'))
const APP = 'deploy/umbrel/missed-sats-bot'
const manifest = parse(await read(`${APP}/umbrel-app.yml`))
const umbrelCompose = parse(await read(`${APP}/docker-compose.yml`))

// Of the compose specification what this project uses; a key that is not here is a mistake of ours.
const SERVICE = z.strictObject({
  build: z.string().optional(),
  image: z.string(),
  restart: z.enum(['unless-stopped', 'on-failure']),
  user: z.string(),
  network_mode: z.literal('host').optional(),
  env_file: z.string().optional(),
  environment: z.record(z.string(), z.string()),
  volumes: z.array(z.string().regex(/^[^:]+(?::[?-][^}]*\})?:\/[a-z./-]+(?::ro)?$/)),
  init: z.literal(true),
  stop_grace_period: z.string().regex(/^\d+[sm]$/),
  read_only: z.boolean().optional(),
  tmpfs: z.string().optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  mem_limit: z
    .string()
    .regex(/^\d+m$/)
    .optional(),
  pids_limit: z.int().optional(),
  logging: z
    .strictObject({ driver: z.string(), options: z.record(z.string(), z.string()) })
    .optional(),
})

/** The names of an environment that are no variables of the program. */
function unknownIn(environment: Record<string, string>): readonly string[] {
  const known = new Set(VARIABLE_NAMES.flatMap((name) => [name, `${name}_FILE`]))
  return Object.keys(environment).filter((name) => !known.has(name))
}

describe('the Dockerfile', () => {
  it('has nothing that a linter minds', () => {
    expect(validate(dockerfile)).toEqual([])
    expect(validate(dockerfile.replace('WORKDIR', 'WORKDRI'))).not.toEqual([])
  })

  it('runs as nobody in particular, and is asked whether it lives', () => {
    const steps = DockerfileParser.parse(dockerfile).getInstructions()
    const last = steps.map((step) => step.toString()).slice(-5)
    expect(last.join('\n')).toMatch(/USER node\n[\s\S]*HEALTHCHECK [\s\S]*healthcheck\.mjs/)
  })
})

describe('the compose file', () => {
  it('is one service by the specification, with LND read-only', () => {
    const { name, services } = z
      .strictObject({ name: z.string(), services: z.strictObject({ 'missed-sats': SERVICE }) })
      .parse(compose)
    expect(name).toBe('missed-sats')
    const { volumes, ...service } = services['missed-sats']
    expect(volumes.filter((volume) => volume.includes('/lnd'))).toEqual([
      expect.stringMatching(/:\/lnd:ro$/),
    ])
    expect(unknownIn(service.environment)).toEqual([])
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] })
  })
})

describe('the Umbrel app', () => {
  it('is one service beside the proxy, with files of LND read-only', () => {
    const services = z.strictObject({
      app_proxy: z.strictObject({
        environment: z.strictObject({ APP_HOST: z.string(), APP_PORT: z.int() }),
      }),
      bot: SERVICE,
    })
    const { app_proxy: proxy, bot } = z
      .strictObject({ version: z.string(), services })
      .parse(umbrelCompose).services
    expect(proxy.environment.APP_HOST).toBe(`${manifest.id}_bot_1`)
    expect(bot.environment['HTTP_LISTEN']).toBe(`0.0.0.0:${proxy.environment.APP_PORT}`)
    expect(unknownIn(bot.environment)).toEqual([])
    const ofLnd = bot.volumes.filter((volume) => volume.includes('LIGHTNING'))
    expect(ofLnd).toHaveLength(2)
    for (const volume of ofLnd) expect(volume).toMatch(/\/[a-z.]+:ro$/)
  })

  it('brings the folder of the memory along, which Docker would make as root', async () => {
    expect(umbrelCompose.services.bot.volumes).toContainEqual(
      expect.stringMatching(/DIR\}\/data:\/data$/),
    )
    await access(new URL(`../../${APP}/data/.gitkeep`, import.meta.url))
  })

  it('is of this version, under an id of its store', async () => {
    const store = parse(await read('deploy/umbrel/umbrel-app-store.yml'))
    expect(manifest).toMatchObject({ version: VERSION, dependencies: ['lightning'] })
    expect(manifest.id).toMatch(new RegExp(`^${store.id}-[a-z]+$`))
    expect(umbrelCompose.services.bot.image).toMatch(new RegExp(`:${VERSION}(@sha256:|$)`))
  })
})
