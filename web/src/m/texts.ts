import { checkTexts } from '../shared/check/texts'
import { withTexts } from '../shared/i18n'
import { en } from './texts.en'
import { zh } from './texts.zh'

export const words = { zh, en }
export const useI18n = withTexts({ ...checkTexts.zh, ...zh }, { ...checkTexts.en, ...en })
