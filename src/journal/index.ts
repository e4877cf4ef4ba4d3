export { memoryJournal } from './memory.ts'
export { checkReceipt, signReceipt, type VerificationStatus } from './receipt.ts'
export { readRecording, writeRecording, type Recording } from './recording.ts'
export { replayRecording, type Execute, type Replayed, type Verdict } from './replay.ts'
export {
  Session,
  type Answered,
  type JournalWriter,
  type Performed,
  type Performer,
  type SessionOptions,
} from './session.ts'
