// `tsx .ci/replay-dockerfile.ts`: replays the steps of the Dockerfile in a temporary folder, for
// machines without a container engine: each stage is a folder, COPY copies what .dockerignore lets
// through, RUN runs what needs no root file system of its own. Then the image's command, its health
// check and the demo are run from what the last stage holds. What it cannot do it says.
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, posix, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ignore from '@balena/dockerignore'
import { Copy, DockerfileParser, Env, From, type Instruction } from 'dockerfile-ast'

const CONTEXT = fileURLToPath(new URL('..', import.meta.url))
const IS_WHOLE = process.env['WHOLE'] === '1'

/** A stage of the build: its root is a folder, and every path of the image is below it. */
type Stage = { root: string; image: string; workdir: string; env: Record<string, string> }

/** A step that fails fails the build. */
class StepError extends Error {}

const ignored = ignore().add(readFileSync(join(CONTEXT, '.dockerignore'), 'utf8'))
const folder = mkdtempSync(join(tmpdir(), 'missed-sats-image-'))
try {
  replay()
} catch (error) {
  if (!(error instanceof StepError)) throw error
  say(`failed: ${error.message}`)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function replay(): void {
  const text = readFileSync(join(CONTEXT, 'Dockerfile'), 'utf8')
  const stages = new Map<string, Stage>()
  let stage: Stage | undefined
  let command: readonly string[] = []
  let check: readonly string[] = []
  for (const step of DockerfileParser.parse(text).getInstructions()) {
    const keyword = step.getKeyword()
    say(`${keyword} ${oneLine(step)}`)
    if (step instanceof From) {
      stage = newStage(step, stages.size)
      stages.set(step.getBuildStage() ?? String(stages.size), stage)
      note(`with Node ${process.version} and the system of this machine instead of ${stage.image}`)
    } else if (!stage) throw new StepError(`${keyword} before FROM`)
    else if (step instanceof Copy) copy(step, stage, stages)
    else if (step instanceof Env) setEnv(step, stage)
    else if (keyword === 'WORKDIR') enter(step, stage)
    else if (keyword === 'RUN') run(step.getArgumentsContent() ?? '', stage)
    else if (keyword === 'CMD') command = jsonOf(step)
    else if (keyword === 'HEALTHCHECK') check = jsonOf(step)
    else note('needs an engine')
  }
  if (!stage) throw new StepError('the Dockerfile has no stage')
  tryImage(stage, command, check)
}

function newStage(step: From, index: number): Stage {
  const root = join(folder, `stage-${index}`)
  mkdirSync(root)
  return { root, image: step.getImage() ?? '', workdir: '/', env: {} }
}

function setEnv(step: Env, stage: Stage): void {
  for (const property of step.getProperties()) {
    stage.env[property.getName()] = property.getValue() ?? ''
  }
}

function enter(step: Instruction, stage: Stage): void {
  stage.workdir = posix.resolve(stage.workdir, oneLine(step))
  mkdirSync(inside(stage, '.'), { recursive: true })
}

function copy(step: Copy, stage: Stage, stages: ReadonlyMap<string, Stage>): void {
  const [flag, ...others] = step.getFlags()
  if (others.length > 0 || (flag && flag.getName() !== 'from')) {
    throw new StepError('of the flags of COPY only --from can be replayed')
  }
  const from = flag && stages.get(flag.getValue() ?? '')
  if (flag && !from) throw new StepError(`there is no stage ${flag.getValue()}`)
  const paths = step.getArguments().map((argument) => argument.getValue())
  const target = paths.pop() ?? ''
  const isInto = target.endsWith('/') || paths.length > 1
  for (const path of paths) {
    const source = from ? inside(from, path) : resolve(CONTEXT, path)
    const passes = from ? () => true : isPassed
    const to = inside(stage, isInto && isFile(source) ? posix.join(target, basename(path)) : target)
    if (copyTree(source, to, passes) === 0) throw new StepError(`nothing to copy at ${path}`)
  }
}

/** Copies the files that pass, in folders that are made as needed; returns how many. */
function copyTree(source: string, target: string, passes: (path: string) => boolean): number {
  if (!existsSync(source)) return 0
  if (!isFile(source)) {
    return readdirSync(source)
      .map((name) => copyTree(join(source, name), join(target, name), passes))
      .reduce((sum, count) => sum + count, 0)
  }
  if (!passes(source)) return 0
  mkdirSync(dirname(target), { recursive: true })
  cpSync(source, target, { verbatimSymlinks: true })
  return 1
}

function isPassed(path: string): boolean {
  return !ignored.ignores(path.slice(CONTEXT.length))
}

function run(line: string, stage: Stage): void {
  // A path from the root, or the system's packages, would be this machine's own.
  if (/(?:^|[\s"'=])\/\w/.test(line) || line.includes('apt-get')) {
    note('not replayed: it changes the system')
    return
  }
  if (line.trim() === 'npm ci' && !IS_WHOLE && reuseModules(stage)) return
  const { status } = spawnSync('sh', ['-c', line], { ...optionsOf(stage), stdio: 'inherit' })
  if (status !== 0) throw new StepError(`exit code ${status}`)
}

/** `npm ci` compiles for a minute what it made here before, from the very same three files. */
function reuseModules(stage: Stage): boolean {
  const at = (path: string) => join(CONTEXT, path)
  if (!existsSync(at('node_modules/.package-lock.json'))) return false
  const here = packagesOf(at('node_modules/.package-lock.json'))
  const wanted = packagesOf(inside(stage, 'package-lock.json'))
  if (Object.keys(here).some((name) => here[name]?.integrity !== wanted[name]?.integrity))
    return false
  spawnSync('cp', ['-a', at('node_modules'), inside(stage, 'node_modules')])
  note(
    'not run again: node_modules of this folder, installed from the same package-lock.json (WHOLE=1 runs it)',
  )
  return true
}

function packagesOf(path: string): Record<string, { integrity?: string }> {
  return JSON.parse(readFileSync(path, 'utf8')).packages
}

/** Runs what the image would run, where it would run. */
function tryImage(stage: Stage, command: readonly string[], check: readonly string[]): void {
  say('the command of the image, with nothing configured')
  const started = execute(stage, command)
  const missing = ['LND_SOCKET', 'TELEGRAM_BOT_TOKEN'].filter(
    (name) => !started.text.includes(name),
  )
  if (started.status !== 2 || missing.length > 0) {
    throw new StepError(
      `exit code ${started.status} instead of 2, which says what to set: ${started.text}`,
    )
  }
  note('it says what to set')
  say('its health check, with HTTP_LISTEN emptied')
  const checked = execute(stage, check, { HTTP_LISTEN: '' })
  if (checked.status !== 0) throw new StepError(`exit code ${checked.status}: ${checked.text}`)
  note('it runs')
  say('the demo, from what the image holds')
  const demo = execute(stage, [
    join(CONTEXT, '.ci/smoke'),
    command[0] ?? '',
    'dist/main.js',
    'demo',
  ])
  if (demo.status !== 0) throw new StepError(demo.text)
  note('a ranking came out')
  const [megabytes] = spawnSync('du', ['-sm', stage.root], { encoding: 'utf8' }).stdout.split('\t')
  say(`on top of ${stage.image}: ${megabytes} MB`)
}

function execute(stage: Stage, [file = '', ...args]: readonly string[], env = {}) {
  const options = optionsOf(stage)
  const done = spawnSync(file, args, {
    ...options,
    env: { ...options.env, ...env },
    encoding: 'utf8',
    timeout: 150_000,
  })
  return { status: done.status, text: `${done.stdout}${done.stderr}` }
}

/** Nothing of this machine's environment but the path to its programs and npm's settings. */
function optionsOf(stage: Stage) {
  const { PATH = '', HOME = '' } = process.env
  return { cwd: inside(stage, '.'), env: { PATH, HOME, ...stage.env } }
}

function inside(stage: Stage, path: string): string {
  return join(stage.root, posix.resolve(stage.workdir, path))
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

function jsonOf(step: Instruction): readonly string[] {
  const text = step.getArgumentsContent() ?? ''
  return JSON.parse(text.slice(text.indexOf('['))) as string[]
}

function oneLine(step: Instruction): string {
  return step.getArgumentsContent()?.replace(/\s+/g, ' ').trim() ?? ''
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function note(line: string): void {
  say(`  - ${line}`)
}
