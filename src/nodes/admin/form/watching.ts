/** Asks the runtime for the overview while the sidebar is shown, over the editor's own connection. */
import type { Translate } from '../../editor/platform/red'
import { ask, messageOf } from '../../editor/platform/server'
import { OVERVIEW_TOPIC, WATCH_TOPIC, type OverviewChange } from '../../runtime/overview'

export interface Watcher {
  changed(change: OverviewChange): void
  failed(message: string): void
}

/** @param container of the sidebar */
export function watchOverview(container: HTMLElement, translate: Translate, watcher: Watcher): void {
  let isInView = false
  let isWatching = false
  const isShown = (): boolean => isInView && document.visibilityState === 'visible'
  const begin = async (): Promise<void> => {
    isWatching = true
    try {
      const { ticket } = (await ask('watching', translate, {})) as { ticket: string }
      if (isShown()) RED.comms.send(WATCH_TOPIC, ticket)
    } catch (error) {
      isWatching = false
      watcher.failed(messageOf(error))
    }
  }
  const update = (): void => {
    const wanted = isShown()
    if (wanted === isWatching) return
    if (wanted) void begin()
    else {
      isWatching = false
      RED.comms.send(WATCH_TOPIC, '')
    }
  }
  RED.comms.subscribe(OVERVIEW_TOPIC, (_topic, data) => watcher.changed(data as OverviewChange))
  // The runtime knows a connection, and forgets it when it ends.
  RED.comms.on('connect', () => {
    isWatching = false
    update()
  })
  document.addEventListener('visibilitychange', update)
  new IntersectionObserver((entries) => {
    isInView = entries.at(-1)?.isIntersecting ?? false
    update()
  }).observe(container)
}
