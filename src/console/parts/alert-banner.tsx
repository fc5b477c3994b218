export function AlertBanner() {
  return null
}
