/** One bad place in what was sent: the field by its path (`lines.0.amountCents`), and for a file the line and column. */
export type Detail = { field: string; message: string; line?: number; column?: string }

export type FieldFault = { name: (string | number)[]; errors: string[] }

/** `content.lines.0.amountCents` → `['content', 'lines', 0, 'amountCents']`, as a form names its fields. */
export function fieldPath(field: string): (string | number)[] {
  return field.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step))
}

/**
 * Splits a refusal's details into those that belong to a field of the form and the words for the rest, which are shown above it.
 * A fault inside a field (`targets.0`) belongs to the field.
 */
export function divideFaults(details: Detail[], fields: string[]): { onFields: FieldFault[]; above: string[] } {
  const byField = new Map<string, string[]>()
  const above: string[] = []
  for (const detail of details) {
    const owner = ownerOf(detail.field, fields)
    if (owner === undefined)
      above.push(detail.line === undefined ? detail.message : `${detail.line}: ${detail.message}`)
    else byField.set(owner, [...(byField.get(owner) ?? []), detail.message])
  }
  return { onFields: [...byField].map(([field, errors]) => ({ name: fieldPath(field), errors })), above }
}

/** The field itself, or the longest one that contains it. */
function ownerOf(field: string, fields: string[]): string | undefined {
  return fields
    .filter((each) => field === each || field.startsWith(`${each}.`))
    .sort((one, other) => other.length - one.length)[0]
}
