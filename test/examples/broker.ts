/** An MQTT 3.1.1 broker for one test: QoS 0 and 1, retained messages and wills, no wildcards. */
import { createServer, type AddressInfo, type Socket } from 'node:net'
import mqtt, { type IConnectPacket, type Packet } from 'mqtt-packet'

export interface Published {
  topic: string
  payload: string
  retain: boolean
}

export interface Broker {
  port: number
  /** Every message that a client has published, the oldest first. */
  published: Published[]
  /** The last retained message of each topic. */
  retained: Map<string, string>
  /** Forgets the retained messages and drops its clients, as after a crash. */
  crash(): void
  close(): Promise<void>
}

export async function startBroker(): Promise<Broker> {
  const published: Published[] = []
  const retained = new Map<string, string>()
  const subscribers = new Map<Socket, Set<string>>()

  function publish(message: Published): void {
    published.push(message)
    const { topic, payload, retain } = message
    if (retain) retained.set(topic, payload)
    for (const [socket, topics] of subscribers) if (topics.has(topic)) deliver(socket, topic, payload, false)
  }

  function serve(socket: Socket): void {
    const topics = new Set<string>()
    let will: IConnectPacket['will']
    const parser = mqtt.parser()
    const answer = (packet: Packet): void => void socket.write(mqtt.generate(packet))
    subscribers.set(socket, topics)
    parser.on('packet', (packet) => {
      if (packet.cmd === 'connect') {
        will = packet.will
        answer({ cmd: 'connack', returnCode: 0, sessionPresent: false })
      } else if (packet.cmd === 'publish') {
        publish({ topic: packet.topic, payload: packet.payload.toString(), retain: packet.retain })
        if (packet.qos === 1) answer({ cmd: 'puback', messageId: packet.messageId ?? 0 })
      } else if (packet.cmd === 'subscribe') {
        answer({ cmd: 'suback', messageId: packet.messageId ?? 0, granted: packet.subscriptions.map(() => 0) })
        for (const { topic } of packet.subscriptions) {
          topics.add(topic)
          const payload = retained.get(topic)
          if (payload !== undefined) deliver(socket, topic, payload, true)
        }
      } else if (packet.cmd === 'disconnect') will = undefined
    })
    socket.on('data', (data) => void parser.parse(data))
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      subscribers.delete(socket)
      if (will) publish({ topic: will.topic, payload: will.payload.toString(), retain: will.retain === true })
    })
  }

  const server = createServer(serve)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const drop = (): void => {
    for (const socket of subscribers.keys()) socket.destroy()
  }
  return {
    port,
    published,
    retained,
    crash: () => {
      retained.clear()
      drop()
    },
    close: () => new Promise((resolve) => {
      server.close(() => resolve())
      drop()
    }),
  }
}

function deliver(socket: Socket, topic: string, payload: string, retain: boolean): void {
  socket.write(mqtt.generate({ cmd: 'publish', topic, payload, qos: 0, dup: false, retain }))
}
