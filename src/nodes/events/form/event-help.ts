/** The help of the event node. */
import type { HelpTexts } from '../../editor/markup/help-entry'

export const eventHelp: HelpTexts = {
  summary: 'Sends a message for each event of a sensor cloud, such as an alarm, an alert or a pressed button. It has no input.',
  sample: 'An event in <code>msg.payload</code>:',
  outputs: [
    {
      name: 'payload',
      type: 'object',
      text: 'The event: <code>{ vendor, device, sensor, label, event, timestamp, data }</code>. <code>timestamp</code> is in epoch milliseconds UTC. <code>data</code> is as the vendor sent it. <code>device</code> and <code>sensor</code> are <code>null</code> where the vendor does not name them. <code>label</code> is what people call the place, or <code>null</code> where that is not known.',
    },
    { name: 'topic', type: 'string', text: "The vendor's name of the event, as in <code>payload.event</code>." },
  ],
  details: [
    'Some vendors post their events. The node registers one callback with them when the flow starts, also after several deploys. Deleting the node deletes the callback. Only someone who knows the path can send events. If the same post comes twice within ten minutes, one message is sent.',
    'Behind a proxy, the proxy must forward the path to this Node-RED. <code>httpNodeRoot</code> of settings.js is added automatically. If settings.js sets a password (<code>httpNodeAuth</code>), the vendor cannot post. The path is never logged. Make a new path if others have learned it.',
    'Other vendors are polled, within the limits of the account. Each event is sent in one message only, also after a restart. Events from before the first start of the node are not sent.',
    'A param cannot come from a message, since the node has no input. It may come from the context, an environment variable or an expression.',
    'While the cloud cannot be reached, the status is a red ring. A Catch node gets <code>msg.error.message</code> and <code>msg.error.code</code> once for each outage. The node tries again by itself, except after <code>CONFIG</code>.',
  ],
}
