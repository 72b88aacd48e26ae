/** What may be made to happen to the running demo. */
export const SCENARIO_NAMES = ['calm', 'spike', 'restart', 'outage'] as const
export type ScenarioName = (typeof SCENARIO_NAMES)[number]

/** What is going on, in words, and until when by the demo's clock; undefined: for good. */
export type Going = { scenario: ScenarioName; words: string; until: number | undefined }
