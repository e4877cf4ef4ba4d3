// One compile in a process of its own: bench/compile-time.ts measures the whole process from outside.
import { compileToDocument } from './anrf.ts'

compileToDocument('compile-300')
