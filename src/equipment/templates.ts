import { Liquid, type Template as Parsed } from 'liquidjs'

/** A text with places to fill, compiled once. Throws an `Error` that names what was missing or endless. */
export type Template = (values: Record<string, unknown>) => string

export type Templates = {
  /** Compiles a text. Throws an `Error` with the line when it is not a template, or is too long. */
  compile: (text: string) => Template
  /** Compiles a file of the directory, by its name without extension. Throws when there is none. */
  file: (name: string) => Template
  /** The names of the values that a text asks for, in order of first use. */
  valuesOf: (text: string) => string[]
}

const TEMPLATE_CHARACTER_LIMIT = 200_000
const RENDER_MILLISECOND_LIMIT = 1000
const RENDER_MEMORY_LIMIT = 10_000_000

/**
 * LiquidJS, for everything that a county may edit: a template cannot run code, read files outside `directory`, reach a
 * prototype, or go on for ever. An unknown value or filter is an error rather than a hole in a sentence; inside `if` and
 * `default` it is merely false. `escape: 'html'` makes every value safe in a page unless marked `| raw`.
 */
export function createTemplates(
  options: { directory?: string; extension?: string; escape?: 'html'; filters?: Record<string, Filter> } = {},
): Templates {
  const engine = new Liquid({
    ...(options.directory === undefined ? { templates: {} } : { root: options.directory }),
    extname: options.extension ?? '.liquid',
    ...(options.escape === 'html' ? { outputEscape: 'escape' as const } : {}),
    cache: true,
    relativeReference: false,
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: true,
    lenientIf: true,
    parseLimit: TEMPLATE_CHARACTER_LIMIT,
    renderLimit: RENDER_MILLISECOND_LIMIT,
    memoryLimit: RENDER_MEMORY_LIMIT,
  })
  for (const [name, filter] of Object.entries(options.filters ?? {})) engine.registerFilter(name, filter)
  const renderer =
    (parsed: Parsed[]): Template =>
    (values) =>
      engine.renderSync(parsed, values) as string
  return {
    compile: (text) => renderer(engine.parse(text)),
    file: (name) => renderer(engine.parseFileSync(name)),
    valuesOf: (text) => engine.globalVariablesSync(text, { partials: false }),
  }
}

/** A function that a template may put a value through: `{{ amount | money }}`. */
export type Filter = (value: unknown, ...rest: unknown[]) => unknown
