import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import { parseTemplates, type BulletinTemplate } from './bulletins/templates.ts'
import { faultsTogether, parseSection, type LibraryFault, type Section } from './channels/columns.ts'
import { sectionIds, type Column } from './channels/feed.ts'
import { createTemplates } from './equipment/templates.ts'
import { StationError } from './errors.ts'
import { precedenceListFrom, ranks, type Rank } from './playout/precedence.ts'

/** Where what an engineer edits lies: files in git, read once at the start. */
export type LibraryDirectories = { channels: string; bulletins: string }

export type Library = Readonly<{
  /** County, street, community, household. */
  sections: readonly Section[]
  /** The columns of all sections, in order. */
  columns: readonly Column[]
  /** Who goes before whom on the air. */
  precedence: readonly Rank[]
  /** Bulletins that need only be filled in. */
  bulletins: readonly BulletinTemplate[]
}>

const PRECEDENCE_FILE = 'precedence.yaml'

const root = resolve(import.meta.dirname, '..')

export const shippedDirectories: LibraryDirectories = {
  channels: join(root, 'channels'),
  bulletins: join(root, 'templates', 'bulletins'),
}

/** Reads and checks the library. Throws one error that names every fault by file and field. */
export async function loadLibrary(directories: LibraryDirectories = shippedDirectories): Promise<Library> {
  const faults: LibraryFault[] = []
  const sections = await readSections(directories.channels, faults)
  const precedence = await readPrecedence(directories.channels, faults)
  const bulletins = await readBulletinTemplates(directories.bulletins, faults)
  if (faults.length > 0) {
    const lines = faults.map(({ file, field, message }) => `- ${file}: ${field === '' ? '' : `${field} `}${message}`)
    throw new Error(`The library has ${faults.length} fault(s):\n${lines.join('\n')}`)
  }
  return freeze({ sections, columns: sections.flatMap((section) => section.columns), precedence, bulletins })
}

async function readSections(directory: string, faults: LibraryFault[]): Promise<Section[]> {
  const read: { file: string; section: Section }[] = []
  for (const file of await yamlFiles(directory)) {
    const source = await readYaml(directory, file, faults)
    if (source === undefined) continue
    const parsed = parseSection(file, source)
    faults.push(...parsed.faults)
    if (parsed.section) read.push({ file, section: parsed.section })
  }
  // A missing section is only news when every file could be read.
  if (faults.length === 0) faults.push(...faultsTogether(read))
  return sectionIds.flatMap((id) => read.filter(({ section }) => section.id === id).map(({ section }) => section))
}

/** The county's order, or the one that ships where a county has none. */
async function readPrecedence(directory: string, faults: LibraryFault[]): Promise<readonly Rank[]> {
  if (!(await readdir(directory)).includes(PRECEDENCE_FILE)) return ranks
  try {
    return precedenceListFrom(await readYaml(directory, PRECEDENCE_FILE, faults))
  } catch (error) {
    if (!(error instanceof StationError)) throw error
    for (const { field, message } of error.details) faults.push({ file: PRECEDENCE_FILE, field, message: message.en })
    return ranks
  }
}

async function readBulletinTemplates(directory: string, faults: LibraryFault[]): Promise<BulletinTemplate[]> {
  const sources: { file: string; source: unknown }[] = []
  for (const file of await yamlFiles(directory)) {
    const source = await readYaml(directory, file, faults)
    if (source !== undefined) sources.push({ file, source })
  }
  const read = parseTemplates(sources, createTemplates())
  faults.push(...read.faults)
  return read.templates
}

async function yamlFiles(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => name.endsWith('.yaml') && name !== PRECEDENCE_FILE).sort()
}

async function readYaml(directory: string, file: string, faults: LibraryFault[]): Promise<unknown> {
  try {
    return (parse(await readFile(join(directory, file), 'utf8')) as unknown) ?? null
  } catch (error) {
    faults.push({ file, field: '', message: (error as Error).message.split('\n')[0]! })
    return undefined
  }
}

/** Freezes a plain value through and through. */
function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) freeze(part)
  }
  return value
}
