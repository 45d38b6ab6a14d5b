/** The help of the event node. */
import type { HelpTexts } from '../../editor/markup/help-entry'
import type { WatchedSource } from '../../runtime/shared-with-forms'

export const eventHelp: HelpTexts = {
  summary: 'Sends a message for each event of a sensor cloud, such as an alarm, an alert or a pressed button. It also tells when a sensor falls silent, a battery runs low, or a device is gone. It has no input.',
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

/** What the help says of each source that the node watches itself: a paragraph each, before its sample and properties. */
export const watchHelp: Readonly<Record<WatchedSource, readonly string[]>> = {
  silence: [
    'Sends <code>silent</code> when no new reading of a sensor has come for the missed intervals, and <code>back</code> with the first new one. The readings of all nodes of the account count. The node itself reads only devices that no other node has read for one interval.',
    'Only time in which the sensor could be read counts. After an outage, a spent limit or a restart, a sensor gets the whole time again before it is silent. A sensor counts once one interval between two of its readings is known, unless you give the usual interval or a fixed time. <code>lastSeen</code> is in epoch milliseconds, <code>interval</code> in seconds.',
  ],
  battery: [
    'Sends <code>low</code> once when a battery is low, and <code>recovered</code> once when it has recovered. It uses readings of the quantities <code>battery</code> and <code>voltage</code>. <code>data</code> is the reading. A voltage may be that of a supply, so choose the devices that you watch.',
  ],
  devices: [
    "Sends <code>gone</code> when a device or sensor that a node has read is missing in the vendor's list two times in a row. With unread devices, it sends <code>unread</code> for a device of the list that no node has read between two lists.",
  ],
}
