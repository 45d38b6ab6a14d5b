/** Keeps track of the open dialog. Node-RED calls functions of the node's type without naming the dialog. */
import type { EditorNode } from './red'

/** What the html of a node calls. */
export interface DialogEvents {
  prepare(node: EditorNode): void
  save(node: EditorNode): void
  cancel(): void
  remove(node: EditorNode): void
}

export interface Dialog {
  readonly node: EditorNode
  /** Brings what the dialog shows into its node. */
  save(node: EditorNode): void
}

export class OpenDialog<D extends Dialog> {
  #open: D | undefined
  readonly #make: (node: EditorNode) => D

  constructor(make: (node: EditorNode) => D) {
    this.#make = make
  }

  /** The dialog of a node, while it is open. */
  of(node: EditorNode): D | undefined {
    return this.#open?.node === node ? this.#open : undefined
  }

  get events(): DialogEvents {
    return {
      prepare: (node) => {
        this.#open = this.#make(node)
      },
      save: (node) => {
        this.#open?.save(node)
        this.#open = undefined
      },
      cancel: () => {
        this.#open = undefined
      },
      remove: (node) => {
        if (this.of(node)) this.#open = undefined
      },
    }
  }
}
