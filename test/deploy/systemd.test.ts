import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { VARIABLE_NAMES } from '../../src/config.ts'
import { temporaryFolder } from '../support/folder.ts'

const UNIT = fileURLToPath(new URL('../../deploy/missed-sats.service', import.meta.url))
const text = await readFile(UNIT, 'utf8')
const ANALYZE = '/usr/bin/systemd-analyze'

/** The values of a setting of the unit, in order. */
function valuesOf(name: string): readonly string[] {
  return [...text.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value = '']) => value)
}

/** The unit as it is, but with this Node: verify wants to find what it starts. */
async function verified(unit: string) {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'missed-sats.service')
  await writeFile(path, unit.replace('=/usr/bin/node ', `=${process.execPath} `))
  const { status, stdout, stderr } = spawnSync(ANALYZE, ['verify', '--man=no', path], {
    encoding: 'utf8',
  })
  return { status, said: `${stdout}${stderr}` }
}

describe('the systemd unit', () => {
  it('sets variables that the program knows', () => {
    const names = valuesOf('Environment').map((line) => line.split('=')[0]?.replace(/_FILE$/, ''))
    const known = new Set([...VARIABLE_NAMES, 'NODE_ENV'])
    expect(names.filter((name) => name === undefined || !known.has(name))).toEqual([])
  })

  it('hands over each secret that it loads', () => {
    const loaded = valuesOf('LoadCredential').map((line) => line.split(':')[0])
    const used = valuesOf('Environment').flatMap((line) => line.match(/(?<=%d\/).+/) ?? [])
    expect(used).toEqual(loaded)
  })

  it('is told the same as the commands that the guide runs beside it', async () => {
    const guide = await readFile(new URL('../../docs/commands.md', import.meta.url), 'utf8')
    const told = valuesOf('Environment').filter((line) => !line.startsWith('NODE_ENV='))
    const literal = (line: string) =>
      line.replace('%d', '/run/credentials/missed-sats-command.service').replace('%S', '/var/lib')
    for (const line of told) expect(guide).toContain(`--setenv=${literal(line)} `)
    for (const name of ['LoadCredential', 'EnvironmentFile', 'StateDirectory', 'UMask']) {
      for (const line of valuesOf(name)) expect(guide).toContain(`--property=${name}=${line} `)
    }
  })

  it.skipIf(!existsSync(ANALYZE))('is what systemd understands, without a complaint', async () => {
    expect(await verified(text)).toEqual({ status: 0, said: '' })
    // It would complain.
    const { said } = await verified(text.replace('ProtectHome=yes', 'ProtectHouse=yes'))
    expect(said).toContain('ProtectHouse')
  })

  it.skipIf(!existsSync(ANALYZE))('leaves the program little that it could break', () => {
    const args = ['security', '--offline=yes', '--threshold=20', '--no-pager', UNIT]
    const { status, stdout } = spawnSync(ANALYZE, args, { encoding: 'utf8' })
    // Exposure is counted in tenths: 20 is 2.0 of 10.
    expect(stdout).toMatch(/Overall exposure level.* 1\.\d OK/)
    expect(status).toBe(0)
  })
})
