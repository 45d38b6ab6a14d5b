/** The tab "Sensor clouds" of the sidebar. Its script is loaded when somebody looks at it. */
import { element } from '../platform/dom'
import type { Translate } from '../platform/red'

const ID = 'sensor-clouds'

/**
 * @param translate texts that the palette has
 * @param load loads the script
 */
export function addSidebarTab(translate: Translate, textsOfType: (type: string) => Translate, load: () => Promise<void>): void {
  const content = element('div', { class: 'sensor-clouds-sidebar' })
  const fill = async (): Promise<void> => {
    try {
      await load()
      observer.disconnect()
      window.sensorClouds?.sidebar?.(content, textsOfType)
    } catch {
      // Whoever looks again tries again.
      content.replaceChildren(element('p', { role: 'alert' }, translate('form.server.away')))
    }
  }
  const observer = new IntersectionObserver((entries) => {
    if (entries.some(({ isIntersecting }) => isIntersecting)) void fill()
  })
  observer.observe(content)
  // That of another version that was removed while the editor was open.
  if (RED.sidebar.containsTab(ID)) RED.sidebar.removeTab(ID)
  const name = translate('form.sidebar.name')
  RED.sidebar.addTab({ id: ID, label: name, name, content, iconClass: 'fa fa-cloud', pinned: true })
}
