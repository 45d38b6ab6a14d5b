/** Texts of a language, made from English ones. */

/** Gives the text of a language for an English one. */
export type Translate = (english: string) => string

export const english: Translate = (text) => text

/** A text with values in its places `__name__`, as Node-RED's catalogs have them; one without a value stays. */
export const fill = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(/__(\w+?)__/g, (place, name: string) => values[name] ?? place)
