const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

const pad = (n: number | string): string => String(n).padStart(2, '0')

/** A time in milliseconds as `console.timeEnd` of Node prints it: `5ms`, `1.250s`, `1:02.500 (m:ss.mmm)`. */
export function formatTime(ms: number): string {
  const hours = Math.floor(ms / HOUR)
  const minutes = Math.floor((ms % HOUR) / MINUTE)
  if (hours === 0 && minutes === 0)
    return ms < SECOND ? `${Number(ms.toFixed(3))}ms` : `${((ms % MINUTE) / SECOND).toFixed(3)}s`
  const [seconds = '', rest = ''] = ((ms % MINUTE) / SECOND).toFixed(3).split('.')
  const shown = hours === 0 ? minutes : `${hours}:${pad(minutes)}`
  return `${shown}:${pad(seconds)}.${rest} (${hours === 0 ? '' : 'h:m'}m:ss.mmm)`
}
