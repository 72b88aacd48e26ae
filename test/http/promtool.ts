import { spawn, spawnSync } from 'node:child_process'
import { text } from 'node:stream/consumers'

/**
 * Runs Prometheus's own tool; returns its exit code and what it said. Where it is not installed the
 * test is skipped, but not in CI: what CI skips nobody checks.
 */
export async function promtool(
  args: readonly string[],
  input: string,
  skip: (reason: string) => void,
): Promise<{ code: unknown; out: string; err: string }> {
  const isInstalled = spawnSync('promtool', ['--version']).error === undefined
  if (!isInstalled && !process.env['CI']) skip("promtool, of Debian's prometheus, is not installed")
  const tool = spawn('promtool', args, { stdio: ['pipe', 'pipe', 'pipe'] })
  const code = new Promise((resolve, reject) => tool.on('error', reject).on('exit', resolve))
  tool.stdin.end(input)
  const [out, err] = await Promise.all([text(tool.stdout), text(tool.stderr)])
  return { code: await code, out, err }
}
