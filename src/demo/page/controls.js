import { byId, make } from './nodes.js'
import { waitOf } from './times.js'

/** @import { Model } from './model.js' */
/** @import { ScenarioName } from '../scenario.ts' */
/** @import { Times } from './times.js' */

/** @type {readonly [ScenarioName, string, string][]} */
const SCENARIOS = [
  ['calm', 'Calm day', 'Payments come and go as usual'],
  ['spike', 'Spike', 'A peer goes away while a crowd wants to pay there'],
  ['restart', 'LND restart', 'The event stream ends; the wallet waits to be unlocked'],
  ['outage', 'Telegram outage', 'Alerts wait, and arrive late and marked'],
]

/** The simulated node: its clock, how fast time runs, and what happens. */
export class Controls {
  #model
  /** @type {{ onSpeed(speed: number): void, onScenario(scenario: ScenarioName): void }} */
  #deeds

  /**
   * @param {Model} model
   * @param {{ onSpeed(speed: number): void, onScenario(scenario: ScenarioName): void }} deeds
   */
  constructor(model, deeds) {
    this.#model = model
    this.#deeds = deeds
    const options = SCENARIOS.map(([name, title, hint]) => this.#scenario(name, title, hint))
    byId('scenarios').append(...options)
    byId('open-controls').addEventListener('click', () => this.#openSheet())
    byId('sheet').addEventListener('close', () => byId('controls-place').append(byId('controls')))
  }

  /** Makes a choice of each speed that the demo offers. */
  begin() {
    const place = byId('speeds')
    for (const old of place.querySelectorAll('label')) old.remove()
    place.append(...this.#model.speeds.map((speed) => this.#speed(speed)))
  }

  /** Shows how the demo runs now. @param {Times} times */
  show(times) {
    const { state } = this.#model
    if (state === undefined) return
    const isPast = state.stage === 'past'
    byId('node-time').textContent = times.dayAndTime(this.#model.now())
    byId('past').hidden = !isPast
    const played = (state.now - state.startAt) / (state.presentAt - state.startAt)
    for (const bar of document.querySelectorAll('progress')) bar.value = Math.min(1, played)
    byId('pill-speed').textContent = isPast ? `${Math.floor(100 * played)} %` : `${state.speed}×`
    for (const id of ['speeds', 'scenarios']) {
      /** @type {HTMLFieldSetElement} */
      const choices = byId(id)
      choices.disabled = isPast
    }
    const speed = document.querySelector(`input[name="speed"][value="${state.speed}"]`)
    if (speed instanceof HTMLInputElement) speed.checked = true
    for (const button of byId('scenarios').querySelectorAll('button')) {
      const isGoing = button.dataset['scenario'] === state.going.scenario
      button.setAttribute('aria-pressed', String(isGoing))
    }
    this.#showGoing()
  }

  /** Makes another bar of how far the past is played. */
  progress() {
    return make('progress', { max: 1, 'aria-label': 'How much of it was played' })
  }

  #showGoing() {
    const { state } = this.#model
    const going = byId('going')
    if (!state || state.going.scenario === 'calm') {
      going.hidden = true
      return
    }
    const { words, until, scenario } = state.going
    const leftMs = until === undefined ? 0 : (until - this.#model.now()) / state.speed
    going.hidden = false
    going.dataset['scenario'] = scenario
    const left = leftMs > 0 ? make('span', { class: 'left' }, waitOf(leftMs)) : undefined
    const said = `${words}`
    // Read out once, not with every second.
    if (going.dataset['said'] !== said) {
      going.dataset['said'] = said
      going.replaceChildren(make('span', {}, said))
    }
    going.querySelector('.left')?.remove()
    if (left) {
      left.setAttribute('aria-hidden', 'true')
      going.append(left)
    }
  }

  /** @param {number} speed */
  #speed(speed) {
    const input = make('input', { type: 'radio', name: 'speed', value: speed })
    input.addEventListener('change', () => this.#deeds.onSpeed(speed))
    return make('label', {}, input, make('span', {}, `${speed}×`))
  }

  /** @param {ScenarioName} name @param {string} title @param {string} hint */
  #scenario(name, title, hint) {
    const text = make('span', {}, make('strong', {}, title), make('small', {}, hint))
    const button = make('button', { type: 'button', 'data-scenario': name }, text)
    button.addEventListener('click', () => this.#deeds.onScenario(name))
    return button
  }

  #openSheet() {
    const sheet = /** @type {HTMLDialogElement} */ (byId('sheet'))
    sheet.append(byId('controls'))
    sheet.showModal()
  }
}
