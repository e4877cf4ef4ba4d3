import type { EffectCall, JournalEntry } from '../effects/index.ts'
import type { JournalWriter } from './session.ts'

/** A journal that is gone with the process: for runs that are done again as a whole when it ends. */
export function memoryJournal(): { readonly writer: JournalWriter; entries(): JournalEntry[] } {
  const entries = new Map<number, JournalEntry>()
  const keep = (entry: JournalEntry): void => void entries.set(entry.sequence, entry)
  return {
    writer: {
      begin: async (call) => keep(call),
      answer: async (answered) => answered.forEach(keep),
      cancel: async (call: EffectCall) => keep({ ...entries.get(call.sequence), ...call, cancelled: true }),
    },
    entries: () => [...entries.values()].sort((a, b) => a.sequence - b.sequence),
  }
}
