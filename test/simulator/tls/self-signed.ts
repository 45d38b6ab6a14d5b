import { generateKeyPairSync, sign } from 'node:crypto'

/**
 * A fresh key pair and certificate for 127.0.0.1, ::1 and localhost, made in memory: no private key stands in the
 * repository and no outside tool is needed. The few lines of DER follow RFC 5280.
 */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content])
  const size = content.length.toString(16)
  const length = Buffer.from(size.length % 2 === 0 ? size : `0${size}`, 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, content])
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts)
const octets = (...parts: Buffer[]): Buffer => der(0x04, ...parts)
const bits = (content: Buffer): Buffer => der(0x03, Buffer.from([0]), content)
const integer = (value: number): Buffer => der(0x02, Buffer.from([value]))
const utcTime = (text: string): Buffer => der(0x17, Buffer.from(text))

const ECDSA_WITH_SHA256 = sequence(der(0x06, Buffer.from('2a8648ce3d040302', 'hex')))
const COMMON_NAME = der(0x06, Buffer.from('550403', 'hex'))
const ALTERNATIVE_NAME = der(0x06, Buffer.from('551d11', 'hex'))
const BASIC_CONSTRAINTS = der(0x06, Buffer.from('551d13', 'hex'))
const TRUE = der(0x01, Buffer.from([0xff]))

function name(commonName: string): Buffer {
  return sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(commonName)))))
}

function extensions(): Buffer {
  const addresses = [der(0x87, Buffer.from([127, 0, 0, 1])), der(0x87, Buffer.from(`${'00'.repeat(15)}01`, 'hex'))]
  return der(0xa3, sequence(
    sequence(BASIC_CONSTRAINTS, TRUE, octets(sequence(TRUE))),
    sequence(ALTERNATIVE_NAME, octets(sequence(...addresses, der(0x82, Buffer.from('localhost'))))),
  ))
}

/** Both as PEM; give `cert` to clients as their `ca`. */
export function selfSignedPair(validFrom = '200101000000Z'): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const subject = name('simulated sensor clouds')
  const certificate = sequence(
    der(0xa0, integer(2)),
    integer(1),
    ECDSA_WITH_SHA256,
    subject,
    sequence(utcTime(validFrom), utcTime('491231235959Z')),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    extensions(),
  )
  const signed = sequence(certificate, ECDSA_WITH_SHA256, bits(sign('sha256', certificate, privateKey)))
  const lines = signed.toString('base64').replace(/.{64}/g, '$&\n').trimEnd()
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  }
}
