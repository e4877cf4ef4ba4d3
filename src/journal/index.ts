export { memoryJournal } from './memory.ts'
export {
  checkReceipt,
  digestOf,
  signReceipt,
  type PolicyFacts,
  type ReceiptFacts,
  type VerificationStatus,
} from './receipt.ts'
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
export {
  askToCancel,
  claimRun,
  closeRun,
  dropPayload,
  Fenced,
  findRun,
  giveRunBack,
  insertRun,
  listCancelled,
  listRuns,
  PRIORITIES,
  readDigests,
  readJournal,
  removeJournal,
  storedJournal,
  UNKNOWN_DIGEST,
  type Asked,
  type OpenRun,
  type Priority,
  type StoredRun,
} from './store.ts'
