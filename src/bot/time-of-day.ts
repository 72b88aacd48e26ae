/** Reads `7`, `07:30` or `22.15` as minutes after midnight; undefined for anything else. */
export function minutesOf(text: string): number | undefined {
  const match = /^(\d{1,2})(?:[:.](\d{2}))?$/.exec(text)
  const [hour, minute] = [Number(match?.[1]), Number(match?.[2] ?? 0)]
  return match && hour < 24 && minute < 60 ? hour * 60 + minute : undefined
}
