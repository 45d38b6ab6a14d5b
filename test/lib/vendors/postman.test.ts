import assert from 'node:assert/strict'
import { importPostman, PostmanError } from '../../../src/lib/vendors/senquip/v2/postman'

const V20 = 'https://schema.getpostman.com/json/collection/v2.0.0/collection.json'
const V21 = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json'
const item = (name: string, method: string, url: unknown) => ({ name, request: { method, header: [], url } })
const collection = (schema: string, items: unknown[], variables: unknown[] = []) => ({
  info: { name: 'Senquip Cloud API Documentation', schema },
  item: items,
  variable: variables,
})

const expected = {
  'list-devices': { method: 'GET', path: '/devices' },
  'device-data': { method: 'GET', path: '/devices/{deviceId}/data' },
  'add-user-to-device': { method: 'PUT', path: '/devices/{deviceId}/users' },
  'update-config': { method: 'PATCH', path: '/devices/{deviceId}/config' },
  'load-file': { method: 'POST', path: '/devices/{deviceId}/files/{fileName}' },
}

describe('Postman import', () => {
  it('reads schema v2.1.0 with folders, URL objects and a base variable', () => {
    const url = (...path: string[]) => ({ raw: `{{baseUrl}}/${path.join('/')}?datapoints=5&token={{token}}`, host: ['{{baseUrl}}'], path })
    const json = collection(
      V21,
      [
        { name: 'General', item: [item('List All Devices', 'GET', url('devices'))] },
        {
          name: 'Device',
          item: [
            item('Get Device Data', 'GET', { ...url('devices', ':deviceId', 'data'), variable: [{ key: 'deviceId', value: 'JDA54E19F' }] }),
            { name: 'Setup', item: [item('Add a User to a Device', 'put', url('devices', ':device_id', 'users'))] },
            item('Update Device Config', 'PATCH', url('devices', '{{id}}', 'config')),
            item('Load File onto Device', 'POST', url('devices', ':DeviceID', 'files', ':name')),
          ],
        },
      ],
      [{ key: 'baseUrl', value: 'https://api.test/v2/' }, { key: 'token', value: 'secret' }, { key: 'id', value: 'JDA54E19F' }],
    )
    assert.deepEqual(importPostman(json), { baseUrl: 'https://api.test/v2', routes: expected, choices: {} })
    assert.deepEqual(importPostman({ collection: json }), importPostman(json))
  })

  it('reads schema v2.0.0 with URLs in text and their common part as base', () => {
    const json = collection(V20, [
      { name: 'List All Devices', request: 'https://api.test/prod/v2/devices' },
      item('Get Device Data', 'GET', 'https://api.test/prod/v2/devices/{{deviceId}}/data?from=1&to=2'),
      item('Add a User to a Device', 'PUT', 'https://api.test/prod/v2/devices/{{deviceId}}/users'),
      item('Update Device Config', 'PATCH', { protocol: 'https', host: 'api.test', path: ['prod', 'v2', 'devices', { value: ':deviceId' }, 'config'] }),
      item('Load File onto Device', 'POST', 'https://api.test/prod/v2/devices/:deviceId/files/{{file_name}}'),
      item('Status', 'GET', 'https://status.test/'),
    ])
    assert.deepEqual(importPostman(json), { baseUrl: 'https://api.test/prod/v2', routes: expected, choices: {} })
  })

  it('leaves the base URL out where an environment holds it, and names what is missing', () => {
    const json = collection(V21, [item('General List All Devices', 'GET', '{{host}}/devices'), item('Get Device Data', 'GET', '{{host}}/data/:id')])
    assert.deepEqual(importPostman(json), {
      routes: { 'list-devices': expected['list-devices'], 'device-data': { method: 'GET', path: '/data/{deviceId}' } },
      choices: { 'add-user-to-device': [], 'update-config': [], 'load-file': [] },
    })
  })

  it('offers the requests that are left, as routes of each operation that is missing', () => {
    const json = collection(V21, [
      item('List All Devices', 'GET', '{{base}}/devices'),
      item('Device readings', 'GET', '{{base}}/devices/:id/readings'),
      item('Elsewhere', 'GET', 'https://other.test/x'),
    ], [{ key: 'base', value: 'https://api.test' }])
    const { routes, choices } = importPostman(json)
    assert.deepEqual(Object.keys(routes), ['list-devices'])
    assert.deepEqual(choices['device-data']?.[0], { name: 'Device readings', method: 'GET', path: '/devices/{deviceId}/readings' })
    assert.deepEqual(choices['load-file']?.map(({ name }) => name).includes('List All Devices'), false)
  })

  it('finds the base URL also where no request has a known name', () => {
    const json = collection(V21, [item('Units', 'GET', '{{base}}/units'), item('Readings', 'GET', '{{base}}/units/:unit')], [{ key: 'base', value: 'https://api.test' }])
    const { baseUrl, routes, choices } = importPostman(json)
    assert.deepEqual([baseUrl, routes], ['https://api.test', {}])
    assert.deepEqual(choices['device-data']?.map(({ name, path }) => [name, path]), [['Units', '/units'], ['Readings', '/units/{deviceId}']])
  })

  it('resolves variables in variables, hosts without scheme and constants in the path', () => {
    const json = collection(
      V20,
      [item('List All Devices', 'GET', '{{url}}/{{version}}/devices'), item('Get Device Data', 'GET', '{{url}}/{{version}}/devices/{{unit}}/data')],
      [{ id: 'url', value: '{{host}}/api' }, { key: 'host', value: 'api.test' }, { key: 'version', value: 'v2' }, { key: 'unused', value: '{{unused}}' }],
    )
    const { baseUrl, routes } = importPostman(json)
    assert.equal(baseUrl, 'https://api.test/api')
    assert.deepEqual(routes['device-data'], { method: 'GET', path: '/v2/devices/{deviceId}/data' })
    assert.deepEqual(routes['list-devices'], { method: 'GET', path: '/v2/devices' })
  })

  it('keeps a device id that stands in the query, and never the key', () => {
    const json = collection(
      V21,
      [
        item('Get Device Data', 'GET', { raw: 'https://api.test/data?id={{deviceId}}', query: [{ key: 'id', value: '{{deviceId}}' }, { key: 'datapoints', value: '1' }] }),
        item('Update Device Config', 'POST', 'https://api.test/{{api_key}}/config/:unit'),
      ],
      [{ key: 'api_key', value: 'secret' }],
    )
    const { baseUrl, routes } = importPostman(json)
    assert.equal(baseUrl, 'https://api.test')
    assert.deepEqual(routes['device-data'], { method: 'GET', path: '/data?id={deviceId}' })
    assert.deepEqual(routes['update-config'], { method: 'POST', path: '/{api_key}/config/{deviceId}' })
  })

  it('leaves variables that could be anything as they are named', () => {
    const json = collection(V21, [item('Load File onto Device', 'POST', '{{baseUrl}}/:one/:two')])
    assert.deepEqual(importPostman(json).routes['load-file'], { method: 'POST', path: '/{one}/{two}' })
  })

  it('leaves out a request of another host', () => {
    const json = collection(V21, [item('List All Devices', 'GET', 'https://api.test/v2/devices'), item('Get Device Data', 'GET', 'https://other.test/v2/data')])
    const { baseUrl, choices } = importPostman(json)
    assert.equal(baseUrl, 'https://api.test/v2')
    assert.deepEqual(choices['device-data'], [])
  })

  it('says what is no collection, and which button gives one', () => {
    const failure = (json: unknown, start: string): void =>
      assert.throws(() => importPostman(json), (error) => error instanceof PostmanError && error.message.startsWith(start) && error.message.includes('"Run in Postman"'))
    for (const json of [null, 'text', 3, [], {}, { item: 'none' }]) failure(json, 'This is not a Postman collection')
    failure({ info: { name: 'x' } }, 'This Postman collection contains no requests')
    failure(collection(V21, [{ name: 'General', item: [] }, null, { name: 'odd' }]), 'This Postman collection contains no requests')
    failure({ id: '1', name: 'x', order: [], requests: [] }, 'This Postman collection has the old format v1')
    // The documentation page's own text [S1].
    failure(
      { activeVersionTag: 'latest', collection: { info: { name: 'Senquip Cloud API Documentation', schema: V20 }, owner: '33042968' } },
      'This is the text of the documentation page, which contains no requests',
    )
  })

  it('is read in no time, whatever its addresses are made of', () => {
    const blanks = ' '.repeat(50_000)
    const started = performance.now()
    for (const url of [`{{${blanks}`, `{{x${blanks}`, `{{${'{'.repeat(50_000)}`, `https://a.example/${':'.repeat(50_000)}{{${blanks}x`, `x://${'a'.repeat(50_000)}\n`, `https://a.example${'/'.repeat(50_000)}x`])
      importPostman({ info: {}, variable: [{ key: 'base', value: `${'/'.repeat(50_000)}x` }], item: [{ name: 'List All Devices', request: { method: 'GET', url } }, { name: 'Get Device Data', request: { method: 'GET', url: `{{base}}/${url}` } }] })
    assert.ok(performance.now() - started < 2000, `${performance.now() - started} ms`)
  })
})
