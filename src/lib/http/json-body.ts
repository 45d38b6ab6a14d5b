/** Parses the JSON of an answer, after a look at what it would cost: the parser itself has no bounds. */
import { sentence, SentenceError } from '../base/sentence'

/** Levels of lists and objects. Node-RED copies messages with functions that call themselves for each level. */
const MOST_LEVELS = 200
/** Lists and objects. Millions of empty ones fit into an answer, and parsing them takes more than a second. */
const MOST_CONTAINERS = 500_000

/** An answer that is not parsed, because it would take too much time or too many levels. */
export class UnboundedJson extends SentenceError {}

/**
 * @throws UnboundedJson
 * @throws SyntaxError when it is not JSON
 */
export function parseJson(text: string): unknown {
  checkBounds(text)
  return JSON.parse(text)
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPENING_BRACKET = 0x5b
const CLOSING_BRACKET = 0x5d
const OPENING_BRACE = 0x7b
const CLOSING_BRACE = 0x7d

/** Takes some 5 ms for a million characters. */
function checkBounds(text: string): void {
  let level = 0
  let containers = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at + 1)
    else if (code === OPENING_BRACKET || code === OPENING_BRACE) {
      level += 1
      containers += 1
      if (level > MOST_LEVELS) throw new UnboundedJson(sentence`it is nested more than ${MOST_LEVELS} levels deep`)
      if (containers > MOST_CONTAINERS) throw new UnboundedJson(sentence`it has more than ${MOST_CONTAINERS} lists and objects; request less at a time`)
    } else if (code === CLOSING_BRACKET || code === CLOSING_BRACE) level -= 1
  }
}

/** Where the quotation mark stands that ends a string; the end of the text when there is none. */
function endOfString(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === BACKSLASH) at += 1
    else if (code === QUOTE) return at
  }
  return text.length
}
