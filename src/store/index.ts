export { isDuplicate, StoreError } from './error.ts'
export { openInstance, type Instance } from './instance.ts'
export { openStore, type Store } from './open.ts'
export { type Query, type Row, type Sql } from './sql.ts'
