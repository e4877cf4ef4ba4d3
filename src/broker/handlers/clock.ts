import type { Handlers } from './handler.ts'

export const CLOCK: Handlers['clock'] = {
  async sleep({ ms }, { sleepers, signal }) {
    await sleepers.sleep(ms, signal)
    return null
  },
}
