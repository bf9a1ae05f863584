/** The colours of the tablet's maps. */
export interface Paints {
  ground: string
  cell: string
  cellFill: string
  community: string
  communityLine: string
  text: string
  halo: string
  me: string
}

const LIGHT: Paints = { ground: '#e6ebee', cell: '#4d5a66', cellFill: '#ffffff', community: '#cfe3ea', communityLine: '#12425b', text: '#0d151c', halo: '#ffffff', me: '#0b62c4' }
const DARK: Paints = { ground: '#0b1014', cell: '#8fa0ad', cellFill: '#182027', community: '#1f3c49', communityLine: '#86c6e6', text: '#f2f6f9', halo: '#0b1014', me: '#6db7ff' }

export function paintsOf(dark: boolean): Paints {
  return dark ? DARK : LIGHT
}
