import { avatarOf, ChatList } from './chats.js'
import { Composer } from './composer.js'
import { Controls } from './controls.js'
import { alertOf, closeByClick, toast, view } from './dialogs.js'
import { showEmpty } from './empty.js'
import { MessageLog } from './log.js'
import { buttonKey, Model } from './model.js'
import { byId } from './nodes.js'
import { listen, tell } from './server.js'
import { Times } from './times.js'

/** @import { Entry, PageEvent } from '../page-contract.ts' */
/** @import { Place } from './model.js' */

// As long as Telegram shows that a press is under way.
const PRESS_MS = 20_000
const LOOK_MS = 500

const model = new Model()
let times = new Times('UTC')
let isLinked = true
/** What was shown as the state of the chat last: it is read out only when it changes. */
let status = ''

const composer = new Composer(() => model.menu(), say)
const chats = new ChatList(model, open)
const controls = new Controls(model, {
  onSpeed: (speed) => void send({ kind: 'speed', speed }),
  onScenario: (scenario) => void send({ kind: 'scenario', scenario }),
})
const log = new MessageLog(
  {
    timeOf: (at) => times.time(at),
    isCommand: (name) => model.menu().some(({ command }) => command === name),
    onCommand: say,
    onCopy: (text) => void copy(text),
    isWaiting: ({ chatId, messageId }, data) =>
      [...model.pressed.values()].includes(buttonKey(chatId, messageId, data)),
    onPress: press,
    onPicture: view,
  },
  (at) => times.day(at),
  onScroll,
)

byId('back').addEventListener('click', () => showView('list'))
byId('to-end').addEventListener('click', () => log.toEnd(true))
document.addEventListener('visibilitychange', readOpen)
setInterval(look, LOOK_MS)
closeByClick()
listen(hear, (isThere) => {
  isLinked = isThere
  look()
})

/** @param {PageEvent} event */
function hear(event) {
  if (event.type === 'hello') begin(event)
  else if (event.type === 'entry') take(event.entry)
  else if (event.type === 'state') model.setState(event.state)
  else if (event.type === 'menu') model.setMenu(event.chatId, event.commands)
  else if (event.type === 'typing') model.type(event)
  else answer(event)
  look()
}

/** @param {Extract<PageEvent, { type: 'hello' }>} hello */
function begin(hello) {
  model.begin(hello)
  times = new Times(hello.timeZone)
  controls.begin()
  open(model.open)
}

/** @param {Entry} entry */
function take(entry) {
  const isNew = model.keep(entry)
  const isOpen = model.isOpen(entry)
  if (isOpen && !isNew) log.change(entry)
  const isInSight = isOpen && isNew && log.add(entry)
  const isSeen = isInSight && !document.hidden && isChatShown()
  if (isNew && entry.from === 'bot' && !isSeen) model.countUnread(entry)
  chats.show(times)
  showUnread()
}

/** @param {Extract<PageEvent, { type: 'answer' }>} answer */
function answer({ press: name, text, isAlert }) {
  if (!release(name) || text === undefined) return
  if (isAlert) alertOf(text)
  else toast(text)
}

/** @param {string} text */
function say(text) {
  const { chatId, threadId } = model.open
  const topic = threadId === undefined ? {} : { threadId }
  void send({ kind: 'say', chatId, ...topic, text })
  composer.focus()
}

/** @param {Entry} entry @param {string} data */
function press({ chatId, messageId }, data) {
  const key = buttonKey(chatId, messageId, data)
  if ([...model.pressed.values()].includes(key)) return
  const name = crypto.randomUUID()
  model.pressed.set(name, key)
  redraw(messageId)
  setTimeout(() => release(name), PRESS_MS)
  void send({ kind: 'press', press: name, chatId, messageId, data })
}

/** Ends the waiting of a press; returns whether there was one. @param {string} name */
function release(name) {
  const key = model.pressed.get(name)
  model.pressed.delete(name)
  if (key !== undefined) redraw(Number(key.split('/')[1]))
  return key !== undefined
}

/** @param {number} messageId */
function redraw(messageId) {
  const entry = model.entries().find((one) => one.messageId === messageId)
  if (entry) log.change(entry, false)
}

/** @param {Parameters<typeof tell>[0]} wish */
async function send(wish) {
  if (await tell(wish)) return
  if (wish.kind === 'press') release(wish.press)
  if (wish.kind === 'say') composer.giveBack(wish.text)
  toast('The demo does not answer. Does it still run?')
}

/** @param {Place} place */
function open(place) {
  model.open = place
  const chat = model.chat()
  byId('chat-title').textContent = chat?.title ?? ''
  if (chat) byId('chat-avatar').replaceChildren(...avatarOf(chat).childNodes)
  log.show(model.entries())
  showView('chat')
  look()
  readOpen()
}

/** On a narrow window one of the two is shown. @param {'list' | 'chat'} name */
function showView(name) {
  byId('app').dataset['view'] = name
  if (name === 'chat') readOpen()
}

function isChatShown() {
  return byId('app').dataset['view'] === 'chat' || matchMedia('(min-width: 760px)').matches
}

function readOpen() {
  if (!document.hidden && log.isAtEnd && isChatShown()) model.read()
  chats.show(times)
  showUnread()
}

/** @param {boolean} isAtEnd */
function onScroll(isAtEnd) {
  byId('to-end').hidden = isAtEnd
  if (isAtEnd && model.unread(model.open) > 0) readOpen()
}

function showUnread() {
  const total = model.unreadInAll()
  document.title = `${total > 0 ? `(${total}) ` : ''}missed-sats demo`
  const here = model.unread(model.open)
  setBadge('end-unread', here)
  setBadge('back-unread', total - here)
}

/** @param {string} id @param {number} count */
function setBadge(id, count) {
  byId(id).hidden = count === 0
  byId(id).textContent = count > 99 ? '99+' : String(count)
}

/** Shows what goes on by itself: time, typing, what happens. */
function look() {
  controls.show(times)
  log.showTyping(model.isTyping())
  const words = statusOf()
  if (words !== status) byId('chat-status').textContent = words
  status = words
  showEmpty(model, () => controls.progress(), say)
}

function statusOf() {
  if (!isLinked) return 'the demo has ended'
  if (model.state?.going.scenario === 'outage') return 'waiting for network…'
  if (model.isTyping()) return 'typing…'
  const chat = model.chat()
  if (chat === undefined) return 'connecting…'
  return `${chat.id < 0 ? 'group' : 'bot'} · ${chat.isPaired ? 'paired' : 'not paired'}`
}

/** @param {string} text */
async function copy(text) {
  await navigator.clipboard.writeText(text).then(
    () => toast('Copied'),
    () => undefined,
  )
}
