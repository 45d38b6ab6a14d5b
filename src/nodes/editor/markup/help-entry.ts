/** The elements of every node's help. Texts are html. */
export interface HelpEntry {
  name: string
  optional?: boolean
  type: string
  text: string
  /** What applies when it is not given. */
  default?: string
}

/** What only some readers look for: it is folded until they open it. */
export interface HelpTopic {
  title: string
  /** A paragraph each. */
  texts: readonly string[]
}

/** The texts of a node, in the order in which its help shows them. */
export interface HelpTexts {
  /** One to three sentences. */
  summary: string
  /** What the sample below the summary is. It ends in a colon. */
  sample: string
  inputs?: readonly HelpEntry[]
  outputs?: readonly HelpEntry[]
  /** A paragraph each. */
  details: readonly string[]
  topics?: readonly HelpTopic[]
}
