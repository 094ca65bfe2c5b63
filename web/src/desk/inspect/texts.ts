import { withTexts } from '../../shared/i18n'
import { checkTexts } from '../../shared/check/texts'
import { en } from './texts.en'
import { zh } from './texts.zh'

/** The words of this capability beside those everybody shares; they come with its pages. */
export const useI18n = withTexts({ ...checkTexts.zh, ...zh }, { ...checkTexts.en, ...en })
