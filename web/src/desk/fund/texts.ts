import { withTexts } from '../../shared/i18n'
import { en } from './texts.en'
import { zh } from './texts.zh'

/** The words of this capability beside those everybody shares; they come with its pages. */
export const useI18n = withTexts(zh, en)
