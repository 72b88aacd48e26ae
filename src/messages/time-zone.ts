import { localTime, type Reading } from './format.ts'
import { html } from './html.ts'
import { button, type Message, message, rowsOf } from './message.ts'
import { quoted } from './names.ts'

// One or two of the most lived-in zones per offset; any other can be written.
const OFFERED = [
  'UTC',
  'Europe/London',
  'Europe/Berlin',
  'Europe/Helsinki',
  'Africa/Lagos',
  'Asia/Dubai',
  'Asia/Kolkata',
  'Asia/Singapore',
  'Asia/Tokyo',
  'Australia/Sydney',
  'America/New_York',
  'America/Chicago',
  'America/Los_Angeles',
  'America/Sao_Paulo',
]

/** Shows the chat's time zone and offers others. */
export function askTimeZone(reading: Reading): Message {
  return message(
    html`<b>Times here are in ${reading.timeZone}, now ${localTime(reading.now, reading)}</b>
Choose one, or write it: <code>/timezone Europe/Madrid</code>, or just the city.`,
    zoneButtons(OFFERED),
  )
}

/** Confirms a new time zone. */
export function timeZoneSet(reading: Reading): Message {
  return message(
    html`<b>Times here are now in ${reading.timeZone}: it is ${localTime(reading.now, reading)}</b>`,
    [[button('Change time zone', 'timezone')]],
  )
}

/** Asks which of the zones that match a city was meant. */
export function chooseTimeZone(text: string, zones: readonly string[]): Message {
  return message(
    html`<b>Which time zone?</b> Several match <code>${quoted(text)}</code>.`,
    zoneButtons(zones.slice(0, OFFERED.length)),
  )
}

/** Says that there is no such time zone, and how they are named. */
export function noTimeZone(text: string): Message {
  return message(
    html`<b>No time zone is called</b> <code>${quoted(text)}</code>
Write a region and a city as in <code>/timezone Europe/Madrid</code>, a city, or <code>UTC</code>.`,
    zoneButtons(OFFERED),
  )
}

function zoneButtons(zones: readonly string[]) {
  return rowsOf(
    zones.map((zone) =>
      button(zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone, 'timezone', zone),
    ),
    2,
  )
}
