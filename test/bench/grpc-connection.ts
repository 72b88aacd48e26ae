import type { Duplex } from 'node:stream'

// HTTP/2 (RFC 9113) as far as a server of streams needs it, by hand: grpc-js as server sends some
// 80,000 messages a second and would be the bottleneck, and node:http2 joins messages into frames
// of 16 KB, which LND (grpc-go) never does and which makes reading them far cheaper than it is.
const PREFACE_BYTES = 24
const FRAME_HEAD_BYTES = 9
const GRPC_HEAD_BYTES = 5
const TYPE = { data: 0, headers: 1, settings: 4, ping: 6, windowUpdate: 8 } as const
const ACK = 1
const END_STREAM = 1
const END_HEADERS = 4
const INITIAL_WINDOW_SETTING = 4
const INITIAL_WINDOW = 65_535
const CONNECTION = 0

/** Messages as frames that lie one behind the other, one DATA frame each as grpc-go sends them. */
export class MessageFrames {
  readonly bytes: Buffer
  /** Where each frame begins, and the end of the last. */
  readonly #starts: Uint32Array
  #stream = CONNECTION

  constructor(messages: readonly Uint8Array[]) {
    this.#starts = new Uint32Array(messages.length + 1)
    const frames = messages.map((message, index) => {
      const frame = dataFrame(message)
      this.#starts[index + 1] = (this.#starts[index] ?? 0) + frame.length
      return frame
    })
    this.bytes = Buffer.concat(frames)
  }

  get count(): number {
    return this.#starts.length - 1
  }

  startOf(index: number): number {
    return this.#starts[index] ?? this.bytes.length
  }

  /** What a frame takes of the flow-control windows. */
  costOf(index: number): number {
    return this.startOf(index + 1) - this.startOf(index) - FRAME_HEAD_BYTES
  }

  /** Writes the id of the stream that they go to into all of them. */
  address(stream: number): void {
    if (stream === this.#stream) return
    this.#stream = stream
    for (const start of this.#starts.subarray(0, -1)) this.bytes.writeUInt32BE(stream, start + 5)
  }
}

// What a client asks before it listens, by the Huffman form (RFC 7541) of the path in its headers.
const STATE_PATH = Buffer.from('628aacac8bee48d25631153b923497', 'hex')
const INFO_PATH = Buffer.from('628aacac8be734d3a6a35533188a9c954a7f', 'hex')
// WalletState SERVER_ACTIVE = 4; GetInfoResponse.version is field 14.
const ANSWERS: readonly (readonly [Buffer, MessageFrames])[] = [
  [STATE_PATH, new MessageFrames([Buffer.from([0x08, 4])])],
  [INFO_PATH, new MessageFrames([Buffer.from('\x72\x0b0.20.0-beta', 'latin1')])],
]

/** One client's connection: answers its calls, and any other call with the messages. */
export class GrpcConnection {
  readonly #socket: Duplex
  readonly #messages: MessageFrames
  #input: Buffer = Buffer.alloc(0)
  #isGreeted = false
  #initialWindow = INITIAL_WINDOW
  #window = INITIAL_WINDOW
  readonly #streams = new Map<number, { window: number; next: number; frames: MessageFrames }>()

  constructor(socket: Duplex, messages: MessageFrames) {
    this.#socket = socket
    this.#messages = messages
  }

  start(): void {
    this.#socket.on('error', () => this.#socket.destroy())
    this.#socket.on('drain', () => this.#sendAll())
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk))
    this.#socket.write(frame(TYPE.settings, 0, CONNECTION))
  }

  #read(chunk: Buffer): void {
    this.#input = Buffer.concat([this.#input, chunk])
    if (!this.#isGreeted && this.#input.length < PREFACE_BYTES) return
    if (!this.#isGreeted) this.#input = this.#input.subarray(PREFACE_BYTES)
    this.#isGreeted = true
    while (this.#input.length >= FRAME_HEAD_BYTES) {
      const end = FRAME_HEAD_BYTES + this.#input.readUIntBE(0, 3)
      if (this.#input.length < end) break
      const [type = 0, flags = 0] = this.#input.subarray(3, 5)
      const stream = this.#input.readUInt32BE(5)
      this.#handle(type, flags, stream, this.#input.subarray(FRAME_HEAD_BYTES, end))
      this.#input = this.#input.subarray(end)
    }
    this.#sendAll()
  }

  #handle(type: number, flags: number, stream: number, body: Buffer): void {
    if (type === TYPE.headers) this.#answer(stream, body)
    if (type === TYPE.windowUpdate) this.#widen(stream, body.readUInt32BE())
    if (type === TYPE.settings && flags !== ACK) this.#set(body)
    if (type === TYPE.ping && flags !== ACK) this.#socket.write(frame(TYPE.ping, ACK, 0, body))
  }

  #set(body: Buffer): void {
    for (let at = 0; at < body.length; at += 6) {
      if (body.readUInt16BE(at) === INITIAL_WINDOW_SETTING) {
        this.#initialWindow = body.readUInt32BE(at + 2)
      }
    }
    this.#socket.write(frame(TYPE.settings, ACK, CONNECTION))
  }

  #widen(stream: number, bytes: number): void {
    const state = this.#streams.get(stream)
    if (stream === CONNECTION) this.#window += bytes
    else if (state) state.window += bytes
  }

  #answer(stream: number, headers: Buffer): void {
    const frames = ANSWERS.find(([path]) => headers.includes(path))?.[1] ?? this.#messages
    frames.address(stream)
    this.#streams.set(stream, { window: this.#initialWindow, next: 0, frames })
    // 0x88 is `:status: 200` of HPACK's static table.
    const block = Buffer.concat([Buffer.from([0x88]), header('content-type', 'application/grpc')])
    this.#socket.write(frame(TYPE.headers, END_HEADERS, stream, block))
  }

  #sendAll(): void {
    for (const stream of this.#streams.keys()) this.#send(stream)
  }

  /** Sends as many messages as both windows allow, in one write, and the trailers at the end. */
  #send(stream: number): void {
    const state = this.#streams.get(stream)
    if (!state || this.#socket.writableNeedDrain) return
    const { frames, next } = state
    while (state.next < frames.count) {
      const cost = frames.costOf(state.next)
      if (cost > state.window || cost > this.#window) break
      state.window -= cost
      this.#window -= cost
      state.next++
    }
    if (state.next > next) {
      this.#socket.write(frames.bytes.subarray(frames.startOf(next), frames.startOf(state.next)))
    }
    if (state.next < frames.count) return
    this.#streams.delete(stream)
    const trailers = header('grpc-status', '0')
    this.#socket.write(frame(TYPE.headers, END_HEADERS | END_STREAM, stream, trailers))
  }
}

/** One message with gRPC's five bytes before it (not compressed, length), in a frame of its own. */
function dataFrame(message: Uint8Array): Buffer {
  const body = Buffer.alloc(GRPC_HEAD_BYTES + message.length)
  body.writeUInt32BE(message.length, 1)
  body.set(message, GRPC_HEAD_BYTES)
  return frame(TYPE.data, 0, CONNECTION, body)
}

function frame(type: number, flags: number, stream: number, body: Uint8Array = Buffer.alloc(0)) {
  const bytes = Buffer.alloc(FRAME_HEAD_BYTES + body.length)
  bytes.writeUIntBE(body.length, 0, 3)
  bytes[3] = type
  bytes[4] = flags
  bytes.writeUInt32BE(stream, 5)
  bytes.set(body, FRAME_HEAD_BYTES)
  return bytes
}

/** A header of HPACK that is a literal, not indexed and not compressed. */
function header(name: string, value: string): Buffer {
  const parts = [[0], [name.length], Buffer.from(name), [value.length], Buffer.from(value)]
  return Buffer.concat(parts.map((part) => Buffer.from(part)))
}
