// Appends what is new since the last run to readings.csv. Start it each night, with the data sources as arguments.
import { appendFile } from 'node:fs/promises'
import { createClient } from 'node-red-contrib-sensor-clouds/lib'

const { SENSORIST_URL: baseUrl, SENSORIST_EMAIL: email, SENSORIST_PASSWORD: password } = process.env
const store = { folder: 'sensor-clouds' }
const cloud = createClient({ vendor: 'sensorist', credentials: { email, password }, settings: { baseUrl }, store })
const cell = (value) => `"${String(value ?? '').replaceAll('"', '""')}"`
const row = ({ timestamp, label, device, channel, value, unit }) =>
  [new Date(timestamp).toISOString(), label ?? device, channel, value, unit].map(cell).join(',') + '\n'

try {
  for await (const { readings } of cloud.since('measurements-raw', { dataSources: process.argv.slice(2), from: '-24h' }))
    await appendFile('readings.csv', readings.map(row).join(''))
} catch (error) {
  console.error(error.code, error.message)
  process.exitCode = 1
} finally {
  await cloud.close()
}
