import type { ThemeConfig } from 'antd'

/**
 * The station's colours: ink-teal for what acts, warm paper beneath, ochre for what is on air, and cinnabar kept for emergencies
 * alone. They are also set as CSS variables (`--teal`), so that stylesheet and components cannot drift apart.
 */
export const palette = {
  ink: '#12292d',
  'ink-soft': '#1b3a3f',
  teal: '#0f5e63',
  'teal-wash': '#e3eeec',
  paper: '#f5f1e8',
  sheet: '#fffdf9',
  line: '#e4ddcf',
  text: '#1c2b2e',
  'text-soft': '#5b6a6b',
  ochre: '#c77b2b',
  'ochre-deep': '#8f520f',
  'ochre-wash': '#fbf0de',
  cinnabar: '#b3302a',
  'cinnabar-wash': '#fbeae7',
  leaf: '#3b7a4b',
  'leaf-wash': '#e8f2e8',
} as const

export type Colour = keyof typeof palette

const SANS =
  '"Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif'
export const SERIF =
  '"Noto Serif SC", "Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", "PingFang SC", "Microsoft YaHei", serif'

export const theme: ThemeConfig = {
  cssVar: { key: 'xiangyin' },
  hashed: false,
  token: {
    colorPrimary: palette.teal,
    colorInfo: palette.teal,
    colorLink: palette.teal,
    colorSuccess: palette.leaf,
    colorWarning: palette.ochre,
    colorError: palette.cinnabar,
    colorTextBase: palette.text,
    colorTextSecondary: palette['text-soft'],
    colorTextDescription: palette['text-soft'],
    colorTextPlaceholder: '#6f7c7c',
    colorBgLayout: palette.paper,
    colorBgContainer: palette.sheet,
    colorBgElevated: palette.sheet,
    colorBorder: '#d3cab8',
    colorBorderSecondary: palette.line,
    colorSplit: palette.line,
    borderRadius: 6,
    borderRadiusLG: 10,
    controlHeight: 36,
    fontFamily: SANS,
    fontSize: 14,
    boxShadow: '0 10px 30px -12px rgba(18, 41, 45, 0.28)',
    boxShadowSecondary: '0 10px 30px -12px rgba(18, 41, 45, 0.28)',
  },
  components: {
    Table: {
      headerBg: 'transparent',
      headerColor: palette['text-soft'],
      headerSplitColor: 'transparent',
      rowHoverBg: '#f9f5ec',
      cellPaddingBlock: 12,
    },
    Menu: {
      darkItemBg: 'transparent',
      darkSubMenuItemBg: 'transparent',
      darkItemColor: 'rgba(255, 253, 249, 0.72)',
      darkItemHoverBg: 'rgba(255, 253, 249, 0.07)',
      darkItemSelectedBg: 'rgba(255, 253, 249, 0.13)',
      darkGroupTitleColor: 'rgba(255, 253, 249, 0.55)',
      itemHeight: 38,
      groupTitleFontSize: 12,
    },
    Card: { headerFontSize: 15 },
    Form: { itemMarginBottom: 18, verticalLabelPadding: '0 0 4px' },
    Segmented: { trackBg: '#ebe5d8' },
    Tabs: { horizontalItemGutter: 28 },
  },
}

/** Sets the palette where the stylesheet reads it. */
export function paint(root: HTMLElement): void {
  for (const [name, colour] of Object.entries(palette)) root.style.setProperty(`--${name}`, colour)
  root.style.setProperty('--serif', SERIF)
}
