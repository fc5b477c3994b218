// Runs in the page and answers with what is wrong with it, and where it leads.
const channel = (value) => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4)
const colour = (text) => (text.match(/[\d.]+/g) ?? []).map(Number)
const luminance = ([red = 0, green = 0, blue = 0]) =>
  0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue)
const fillBehind = (node) => {
  for (let at = node; at; at = at.parentElement) {
    const fill = colour(getComputedStyle(at).backgroundColor)
    if (fill.length === 3 || (fill[3] ?? 0) > 0) return fill
    // The lightest colour of the page's own gradient.
    if (at.id === 'stage') return [10, 58, 65]
  }
  return [0, 0, 0]
}

function inspect() {
  const faults = []
  const stage = document.getElementById('stage')
  const walker = document.createTreeWalker(stage, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement
    const words = node.textContent.trim()
    if (words === '' || parent.offsetParent === null) continue
    const style = getComputedStyle(parent)
    if (parseFloat(style.fontSize) < 28) faults.push(`${words}: ${style.fontSize}`)
    const [one, other] = [luminance(colour(style.color)), luminance(fillBehind(parent))]
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
    if (contrast < 7) faults.push(`${words}: contrast ${contrast.toFixed(1)}`)
    const range = document.createRange()
    range.selectNodeContents(node)
    const { left, right, top, bottom } = range.getBoundingClientRect()
    if (left < 63 || right > 1217 || top < 30 || bottom > 690) {
      faults.push(`${words}: outside the safe area ${[left, top, right, bottom].map(Math.round).join(' ')}`)
    }
    const cell = parent.closest('.cell')?.getBoundingClientRect()
    if (cell && (right > cell.right || bottom > cell.bottom + 2)) faults.push(`${words}: sticks out of its place`)
  }
  const names = ['href', 'data-up', 'data-down', 'data-left', 'data-right']
  const leads = [...document.querySelectorAll('.cell')]
    .flatMap((cell) => names.map((name) => cell.getAttribute(name) ?? ''))
    .concat(document.body.dataset.back || '')
    .filter((to) => to !== '' && !to.startsWith('#') && !to.startsWith('../'))
  return { faults, leads }
}

inspect()
