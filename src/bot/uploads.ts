import type { Log } from '../log.ts'
import { type Job, type Upload, withoutFile } from './job.ts'

/** Draws a picture: SVG in, PNG out. Absent where nothing can draw. */
export type Draw = (svg: string) => Promise<Uint8Array>

/**
 * Returns a job with its attachment made ready: a picture drawn, a document encoded. A picture that
 * cannot be drawn is left out: what it shows the text says, too.
 */
export async function withUpload(job: Job, draw: Draw | undefined, log: Log): Promise<Job> {
  const { attachment } = job.message
  if (attachment === undefined || job.file !== undefined) return job
  const { kind, name } = attachment
  if (kind === 'document') {
    const file: Upload = { kind, name, bytes: new TextEncoder().encode(attachment.content) }
    return { ...job, file }
  }
  try {
    if (draw === undefined) return withoutFile(job)
    return { ...job, file: { kind: 'photo', name, bytes: await draw(attachment.svg) } }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    log.warn({ reason, name }, 'a picture could not be drawn; its text is sent alone')
    return withoutFile(job)
  }
}
