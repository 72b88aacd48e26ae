import type { Track } from './track.ts'

// Visits' worth of the node's own profile in a channel's: a sparse channel has the node's shape.
const NODE_WEIGHT = 30
const LEAST = 0.2
const MOST = 3
// A busy channel votes on the node's profile no louder than ten visits an hour.
const LOUDEST_PER_HOUR = 10
// Each hour of the day comes once a day.
const FORGETTING = 2 ** (-1 / 28)

/** A profile by hour of the day (UTC, so that no summer time steps it): 1 in the mean. */
export type Profile = Float64Array

/** Notes an hour's visits; `hour` is of the day, `observed` in hours. */
export function noteHour(track: Track, hour: number, visits: number, observed: number): void {
  const { visitsByHour, hoursByHour } = track
  visitsByHour[hour] = (visitsByHour[hour] ?? 0) * FORGETTING + visits
  hoursByHour[hour] = (hoursByHour[hour] ?? 0) * FORGETTING + observed
}

/** Returns the profile of all tracks together. */
export function nodeProfile(tracks: Iterable<Track>): Profile {
  const found = new Float64Array(24)
  const usual = new Float64Array(24)
  for (const track of tracks) {
    const rate = hourlyRate(track)
    const weight = 1 / (LOUDEST_PER_HOUR + rate)
    for (let hour = 0; hour < 24; hour++) {
      found[hour] = (found[hour] ?? 0) + weight * (track.visitsByHour[hour] ?? 0)
      usual[hour] = (usual[hour] ?? 0) + weight * rate * (track.hoursByHour[hour] ?? 0)
    }
  }
  // One visit's worth of "no season" a channel, so that the first hours do not shape a day.
  return normalised(found.map((sum, hour) => (sum + 3) / ((usual[hour] ?? 0) + 3)))
}

/** Sets the season of a track around an hour of the day. */
export function setSeason(track: Track, node: Profile, hour: number): void {
  const rate = hourlyRate(track)
  let sum = 0
  for (let h = 0; h < 24; h++) sum += ownShape(track, node, rate, h)
  const mean = sum / 24
  track.seasonBefore = ownShape(track, node, rate, (hour + 23) % 24) / mean
  track.seasonNow = ownShape(track, node, rate, hour) / mean
  track.seasonNext = ownShape(track, node, rate, (hour + 1) % 24) / mean
}

/** How busy an hour of the day is, by the track's own visits and the node's shape. */
function ownShape(track: Track, node: Profile, rate: number, hour: number): number {
  const found = (track.visitsByHour[hour] ?? 0) + NODE_WEIGHT * (node[hour] ?? 1)
  const usual = rate * (track.hoursByHour[hour] ?? 0) + NODE_WEIGHT
  return Math.min(MOST, Math.max(LEAST, found / usual))
}

/** The season at a minute of the running hour (or up to one before), between the hours' middles. */
export function seasonAt(track: Track, minuteOfHour: number): number {
  const { seasonBefore, seasonNow, seasonNext } = track
  const at = minuteOfHour / 60 - 0.5
  if (at < 0) return seasonNow + (seasonBefore - seasonNow) * Math.min(1, -at)
  return seasonNow + (seasonNext - seasonNow) * Math.min(1, at)
}

function hourlyRate(track: Track): number {
  let visits = 0
  let hours = 0
  for (let hour = 0; hour < 24; hour++) {
    visits += track.visitsByHour[hour] ?? 0
    hours += track.hoursByHour[hour] ?? 0
  }
  return hours > 0 ? visits / hours : 0
}

function normalised(profile: Profile): Profile {
  const clipped = profile.map((g) => Math.min(MOST, Math.max(LEAST, g)))
  const mean = clipped.reduce((sum, g) => sum + g, 0) / clipped.length
  return clipped.map((g) => g / mean)
}
