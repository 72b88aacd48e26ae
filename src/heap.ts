import { setFlagsFromString } from 'node:v8'

/**
 * Makes V8 collect garbage before it asks for more memory. By default its heap grows by hundreds of
 * megabytes on a machine that has them, which a node's machine does not have to spare. Measured on
 * Node 20 with 10,000 channels and 1,000 events a second: 150 MB resident in place of 225.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--optimize-for-size')
}
