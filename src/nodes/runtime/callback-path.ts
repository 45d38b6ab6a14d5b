/** Rules of the path to which a vendor posts. Runs in the editor too. */
import { sentence, type Sentence } from '../../lib/base/sentence'

/** How a generated path begins. */
export const SECRET_PATHS = '/sensor-clouds/events/'

const PATH = /^(?:\/[\w.~-]+)*\/[\w~-]{16,}$/

/** The end of a sentence that begins with "the path"; undefined when it is right. */
export const callbackPathProblem = (path: string): Sentence | undefined =>
  PATH.test(path) ? undefined : sentence`must begin with / and end with a part of at least 16 letters and digits that nobody can guess`
