// Members of String that call back or loop (ECMA-262 22.1.3).

type Replacer = (found: string, index: number, text: string) => unknown

/** replace with a function. */
export function string_replace_with(self: string, search: string, replacer: Replacer): string {
  const text = `${search}`
  const at = self.indexOf(text)
  if (at < 0) return self
  return `${self.slice(0, at)}${replacer(text, at, self)}${self.slice(at + text.length)}`
}

/** replaceAll with a function. */
export function string_replaceAll_with(self: string, search: string, replacer: Replacer): string {
  const text = `${search}`
  const step = Math.max(1, text.length)
  let out = ''
  let done = 0
  let at = self.indexOf(text)
  while (at >= 0) {
    out += `${self.slice(done, at)}${replacer(text, at, self)}`
    done = at + text.length
    at = at + step > self.length ? -1 : self.indexOf(text, at + step)
  }
  return out + self.slice(done)
}

export function string_isWellFormed(self: string): boolean {
  const length = self.length
  for (let i = 0; i < length; i++) {
    const unit = self.charCodeAt(i)
    if (unit >= 0xd800 && unit <= 0xdfff) {
      if (!string_starts_pair(self, i)) return false
      i++
    }
  }
  return true
}

export function string_toWellFormed(self: string): string {
  const length = self.length
  let out = ''
  let done = 0
  for (let i = 0; i < length; i++) {
    const unit = self.charCodeAt(i)
    if (unit >= 0xd800 && unit <= 0xdfff) {
      if (string_starts_pair(self, i)) i++
      else {
        out += self.slice(done, i) + '\ufffd'
        done = i + 1
      }
    }
  }
  return out + self.slice(done)
}

function string_starts_pair(self: string, index: number): boolean {
  const next = self.charCodeAt(index + 1)
  return self.charCodeAt(index) <= 0xdbff && next >= 0xdc00 && next <= 0xdfff
}

/** `String.fromCharCode(...units)`. */
export function string_from_codes(units: number[]): string {
  let out = ''
  for (let i = 0; i < units.length; i++) out += String.fromCharCode(units[i])
  return out
}

/** `String.fromCodePoint(...points)`. */
export function string_from_code_points(points: number[]): string {
  let out = ''
  for (let i = 0; i < points.length; i++) out += String.fromCodePoint(points[i])
  return out
}

/** `crypto.randomUUID()`: version 4 of RFC 9562. */
export function crypto_random_uuid(): string {
  let out = ''
  for (let i = 0; i < 32; i++) {
    if (i === 8 || i === 12 || i === 16 || i === 20) out += '-'
    const digit = Math.floor(Math.random() * 16)
    out += (i === 12 ? 4 : i === 16 ? 8 + (digit & 3) : digit).toString(16)
  }
  return out
}

/** BigInt.prototype.toLocaleString where no locale is named. */
export function bigint_toLocaleString(self: bigint): string {
  const digits = self.toString()
  const sign = self < 0n ? 1 : 0
  let out = digits.slice(-3)
  let end = digits.length - 3
  while (end > sign) {
    out = `${digits.slice(Math.max(sign, end - 3), end)},${out}`
    end -= 3
  }
  return sign === 1 && digits.length > 3 ? `-${out}` : out
}
