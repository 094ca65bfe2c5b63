import { withTexts } from '../../shared/i18n'
import { checkTexts } from '../../shared/check/texts'
import { en } from './texts.en'
import { zh } from './texts.zh'

/** The words of the editor, and those of a check, which stands beside it as the phone shows it. */
export const useI18n = withTexts({ ...checkTexts.zh, ...zh }, { ...checkTexts.en, ...en })
