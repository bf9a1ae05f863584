/** Pick the text of the reader's language from a pair that came with the data; the other one when it is empty. */
export function inLanguage(language: string, zh?: string | null, en?: string | null): string {
  return (language === 'en' ? en || zh : zh || en) ?? ''
}

/** Texts in a row, divided as the reader's language does. */
export const inARow = (language: string, texts: string[]): string => texts.join(language === 'en' ? ', ' : '、')
