import type { Setting } from './setting.ts'
import { digestSetting } from './settings/digest.ts'
import { formatsSetting } from './settings/formats.ts'
import { kindsSetting } from './settings/kinds.ts'
import { liquiditySetting } from './settings/liquidity.ts'
import { privacySetting } from './settings/privacy.ts'
import { quietSetting } from './settings/quiet.ts'
import { revenueSetting } from './settings/revenue.ts'
import { secondSetting } from './settings/second.ts'
import { sensitivitySetting } from './settings/sensitivity.ts'

/** The rows of /settings. */
export const SETTINGS: readonly Setting[] = [
  sensitivitySetting,
  kindsSetting,
  quietSetting,
  digestSetting,
  revenueSetting,
  liquiditySetting,
  secondSetting,
  formatsSetting,
  privacySetting,
]
