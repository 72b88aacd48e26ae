import { readdir, readFile } from 'node:fs/promises'
import { extname } from 'node:path'

/** A file of the page as it is served. */
export type PageFile = { type: string; body: Buffer }

const FOLDER = new URL('./page/', import.meta.url)
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Reads the page's files, which stand in one folder; returns them by the path that asks for them. */
export async function readPageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  const files = new Map<string, PageFile>()
  for (const name of await readdir(FOLDER)) {
    const type = TYPES[extname(name)]
    if (type === undefined) continue
    const path = name === 'index.html' ? '/' : `/${name}`
    files.set(path, { type, body: await readFile(new URL(name, FOLDER)) })
  }
  return files
}
