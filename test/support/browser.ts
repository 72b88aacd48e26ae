import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

// Debian's package, and what others call it.
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Returns the path of a Chromium on this machine; undefined when none is installed. */
export function findChromium(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(':')
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync)
}

/** Starts a headless Chromium. Without its sandbox, which a container's root may not have. */
export async function startChromium(path: string): Promise<Browser> {
  return await chromium.launch({ executablePath: path, args: ['--no-sandbox'] })
}

/**
 * Returns the path of a Chromium. Where none is installed the test is skipped, but not in CI: what CI
 * skips nobody checks.
 */
export function needChromium(skip: (reason: string) => void): string {
  const path = findChromium()
  if (path !== undefined) return path
  if (process.env['CI']) throw new Error("Debian's chromium is not installed")
  skip("Debian's chromium is not installed")
  throw new Error('skipped')
}
