import { withTexts } from '../i18n'
import { en } from './texts.en'
import { zh } from './texts.zh'

export const checkTexts = { zh, en }
export const useI18n = withTexts(zh, en)
