/** Where each vendor's folder is. A vendor is a folder with operations; one that holds such folders is a family of vendors. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const VENDORS = join(__dirname, '..', 'src', 'lib', 'vendors')

/** Folders by the id of their vendor, relative to the folder of all vendors, in the order of the ids. */
export function vendorFolders(root: string = VENDORS): ReadonlyMap<string, string> {
  const found = foldersIn(root).flatMap((name) =>
    isVendor(join(root, name)) ? [name] : foldersIn(join(root, name)).flatMap((version) => (isVendor(join(root, name, version)) ? [`${name}/${version}`] : [])),
  )
  return new Map(found.map((folder) => [idOf(join(root, folder)), folder] as const).sort(([one], [other]) => (one < other ? -1 : 1)))
}

const isVendor = (folder: string): boolean => existsSync(join(folder, 'operations'))

const foldersIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))

/** Read as text: the vendor itself may import a register that is not written yet. */
function idOf(folder: string): string {
  const [, id] = /^ {2}id: '([^']+)'/m.exec(readFileSync(join(folder, 'index.ts'), 'utf8')) ?? []
  if (id === undefined) throw new Error(`${folder}/index.ts says no id`)
  return id
}
