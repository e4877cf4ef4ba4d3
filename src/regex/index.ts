export { compileRegex, type Compiled } from './cache.ts'
export { find } from './find.ts'
export { type Program } from './program.ts'
export { type Budget } from './stack.ts'
