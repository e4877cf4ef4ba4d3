// A verifier of an operator, as docs/HOOKS.md shows them: judges documents by what they say of themselves, and results by what they are.
let asked = 0

export default {
  version: '1',
  async verify({ document }) {
    asked++
    const { description } = document.intent
    if (/hang/.test(description)) return new Promise(() => {})
    if (/fail/.test(description))
      return { status: 'failed', findings: [{ message: `asked ${asked} times`, hint: 'Say less.' }] }
    if (/unsure/.test(description)) return { status: 'declined', findings: [{ message: 'too clever for me' }] }
    return /nonsense/.test(description) ? { status: 'maybe' } : { status: 'verified' }
  },
  async before({ entry }) {
    return entry === 'spin' ? { ok: false, findings: [{ message: 'spinning is not for today' }] } : { ok: true }
  },
  async after(_, { outcome }) {
    return { ok: outcome.value !== 'wrong' }
  },
}
