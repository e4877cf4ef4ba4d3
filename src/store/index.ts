export { type Blobs } from './blobs.ts'
export { isDuplicate, StoreError, type StoreFault } from './error.ts'
export { openStore, type Store } from './open.ts'
export { type Query, type Row, type Sql, type SqlValue } from './sql.ts'
