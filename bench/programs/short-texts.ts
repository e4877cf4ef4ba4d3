/** Cleans, splits, counts and puts together n short texts. */
const SENTENCES = [
  '  The quick brown Fox jumps over the lazy dog ',
  'a man, a plan, a canal: Panama',
  'lorem-ipsum dolor_sit AMET consectetur',
  'name=Ada; born=1815; field=mathematics',
]

function slugify(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}

function countVowels(text: string): number {
  let count = 0
  for (const char of text) if ('aeiou'.includes(char)) count++
  return count
}

function capitalize(text: string): string {
  return text
    .split(' ')
    .filter((word) => word.length > 0)
    .map((word) => word[0]!.toUpperCase() + word.slice(1).toLowerCase())
    .join(' ')
}

function isPalindrome(text: string): boolean {
  const letters = text.toLowerCase().replace(/[^a-z]/g, '')
  return letters === letters.split('').reverse().join('')
}

export function run(n: number): number {
  let sum = 0
  for (let i = 0; i < n; i++) {
    const text = SENTENCES[i % SENTENCES.length]!
    const slug = slugify(`${text}${i % 17}`)
    const parts = text.split(/[;,]\s*/)
    sum += slug.length + countVowels(text) + capitalize(text).length + parts.length + (isPalindrome(text) ? 1 : 0)
    sum = (sum * 31 + slug.charCodeAt(i % slug.length) + String(i).padStart(8, '0').length) % 1_000_003
  }
  return sum
}
