/** The codes that remote controls send, as data that an engineer adds to when a new box comes to the county. */

export const actions = [
  ...(['up', 'down', 'left', 'right', 'ok', 'back', 'pageUp', 'pageDown'] as const),
  ...(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const),
] as const
export type Action = (typeof actions)[number]

/** What a key code, or a key name where a box sends names, means. */
export type Keys = { codes: Record<string, Action>; names: Record<string, Action> }

const CODE_LIMIT = 65_535

/**
 * Reads `templates/tv/keys.json`. Throws an `Error` that names a code with two meanings, an unknown action, or one of the
 * five keys and Back without a code: a portal that cannot be left or opened must not start.
 */
export function readKeys(text: string): Keys {
  const source = JSON.parse(text) as { keys: Record<string, number[]>; names: Record<string, string> }
  const codes: Record<string, Action> = {}
  for (const [action, list] of Object.entries(source.keys)) {
    for (const code of list) {
      if (!isAction(action)) throw new Error(`keys.json: "${action}" is no action; known are ${actions.join(', ')}`)
      if (!Number.isInteger(code) || code < 1 || code > CODE_LIMIT) throw new Error(`keys.json: ${code} is no key code`)
      if (codes[code]) throw new Error(`keys.json: the code ${code} means both ${codes[code]} and ${action}`)
      codes[code] = action
    }
  }
  for (const action of actions.slice(0, 6)) {
    if (!source.keys[action]?.length) throw new Error(`keys.json: "${action}" has no code`)
  }
  const names: Record<string, Action> = {}
  for (const [name, action] of Object.entries(source.names)) {
    if (!isAction(action)) throw new Error(`keys.json: "${action}" is no action; known are ${actions.join(', ')}`)
    names[name] = action
  }
  return { codes, names }
}

function isAction(text: string): text is Action {
  return (actions as readonly string[]).includes(text)
}
