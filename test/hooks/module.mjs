// A module of an operator, as docs/HOOKS.md shows them, that does what the `entry` or the inputs of an execution say.
export default {
  async before({ data }, { signal }) {
    switch (data.inputs?.text) {
      case 'throw':
        throw new Error('a defect of the module')
      case 'hang':
        return new Promise((resolve) => signal.addEventListener('abort', () => resolve({ allow: true })))
      case 'loop':
        for (;;);
      case 'exit':
        return process.exit(3)
      case 'nothing':
        return undefined
      case 'refuse':
        return { allow: false, reason: `${data.principal === '' ? 'nobody' : 'somebody'} asks for ${data.entry}` }
      default:
        return { allow: true }
    }
  },
  async notify(event) {
    if (event.data.outcome === 'threw') throw new Error('not this one')
  },
  async after({ data }) {
    return data.output?.result === 'secret' ? { allow: true, redact: ['/output/result'] } : { allow: true }
  },
}
