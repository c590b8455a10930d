// SPDX-License-Identifier: Apache-2.0
/** The catalogue of texts: typed functions and sentences for each area, in the language of the page. */

/** A text, or how it is made from what it is about; lists of both may be nested. */
export type Words = { readonly [name: string]: string | ((...about: never[]) => string) | Words }

/** Forms of a text by number, as CLDR names them; `other` is always there. */
export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string }

const rules = new Intl.PluralRules('en')
const numbers = new Intl.NumberFormat('en')

/** The form for a number; `#` in it becomes the number. */
export function plural(count: number, forms: Forms): string {
  return (forms[rules.select(count)] ?? forms.other).replaceAll('#', numbers.format(count))
}

/** A number with separators, as people write it. */
export function number(value: number): string {
  return numbers.format(value)
}

/**
 * The texts of an area in the language of the page. English is the only language there is; two pseudo-languages show
 * what a translation would break: `pseudo-rtl` runs from right to left, `pseudo-long` doubles every text.
 */
export function catalogue<W extends Words>(english: W): W {
  const locale = globalThis.document?.documentElement.dataset.locale ?? 'en'
  return locale.startsWith('pseudo') ? (changed(english, locale) as W) : english // the shape stays
}

function changed(words: Words, locale: string): Words {
  const strange = (text: string): string => (locale === 'pseudo-long' ? doubled(text) : accented(text))
  return Object.fromEntries(
    Object.entries(words).map(([name, entry]) => {
      if (typeof entry === 'string') return [name, strange(entry)]
      if (typeof entry === 'function') return [name, (...about: never[]) => strange(entry(...about))]
      return [name, changed(entry, locale)]
    }),
  )
}

function doubled(text: string): string {
  return `${text} ${text}`
}

const ACCENTS: Readonly<Record<string, string>> = { a: 'á', e: 'é', i: 'í', o: 'ó', u: 'ú', n: 'ñ', c: 'ç', y: 'ý' }

function accented(text: string): string {
  return `⟦${text.replaceAll(/[aeiouncy]/g, letter => ACCENTS[letter] ?? letter)}⟧`
}
