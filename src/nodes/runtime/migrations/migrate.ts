/**
 * Migrates a node's properties from any saved version to this one. Knows neither types nor vendors, because the editor
 * uses it too.
 */
import { typedParams } from './typed-params'

/** The properties of a node, as a flow file or the editor holds them. */
export type Config = Readonly<Record<string, unknown>>

/** Pure: it gives a new object, and keeps what it does not know. */
export type Migration = (config: Config) => Config

/** The first leads from what has no version to version 1, and so on. What was released is never changed, only followed. */
const MIGRATIONS: readonly Migration[] = [typedParams]

/** The present version of the properties; it grows with each migration, not with each release. */
export const VERSION = MIGRATIONS.length

const versionOf = ({ version }: Config): number => (Number.isInteger(Number(version)) ? Math.max(0, Number(version)) : 0)

/** Whether a later release saved it. */
export const isNewer = (config: Config): boolean => versionOf(config) > VERSION

/**
 * What a node lacks takes its default; what stands there is brought to the present version.
 * What a later release has saved stays as it is.
 */
export function migrate<C extends Config>(defaults: Config, config: C): C & { version: number } {
  const version = versionOf(config)
  const present = MIGRATIONS.slice(version).reduce<Config>((older, migration) => migration(older), config)
  const given = Object.fromEntries(Object.entries(present).filter(([, value]) => value !== undefined && value !== null))
  return { ...defaults, ...given, version: Math.max(version, VERSION) } as C & { version: number }
}
