import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { RESULTS } from './history.ts'

/** One bar: a ratio, with 1 as the line that it is held against. */
export type Bar = { readonly label: string; readonly value: number }

const ROW = 22
const LEFT = 170
const WIDTH = 460
const TOP = 46

/** Writes `bench/results/latest.svg`: one panel of bars below the other. */
export function writePlot(panels: readonly { readonly title: string; readonly bars: readonly Bar[] }[]): void {
  let y = 0
  const parts = panels.map(({ title, bars }) => {
    const drawn = drawPanel(title, bars, y)
    y += TOP + bars.length * ROW + 24
    return drawn
  })
  const size = `width="${LEFT + WIDTH + 70}" height="${y}"`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
${parts.join('\n')}
</svg>
`
  writeFileSync(join(RESULTS, 'latest.svg'), svg)
}

function drawPanel(title: string, bars: readonly Bar[], y: number): string {
  const most = Math.max(1.2, ...bars.map(({ value }) => value))
  const scale = (value: number): number => (value / most) * WIDTH
  const lines = bars.map(({ label, value }, i) => {
    const top = y + TOP + i * ROW
    const text = `<text x="${LEFT - 8}" y="${top + 13}" text-anchor="end">${escapeXml(label)}</text>`
    const bar = `<rect x="${LEFT}" y="${top}" width="${scale(value).toFixed(1)}" height="16" fill="#4878a8"/>`
    const figure = `<text x="${(LEFT + scale(value) + 6).toFixed(1)}" y="${top + 13}">${value.toFixed(2)}</text>`
    return `${text}${bar}${figure}`
  })
  const one = (LEFT + scale(1)).toFixed(1)
  const end = y + TOP + bars.length * ROW
  return [
    `<text x="12" y="${y + 28}" font-size="15">${escapeXml(title)}</text>`,
    ...lines,
    `<line x1="${one}" y1="${y + TOP - 6}" x2="${one}" y2="${end}" stroke="#c44" stroke-dasharray="4 3"/>`,
  ].join('\n')
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
