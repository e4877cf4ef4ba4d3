// `server.ts SUBJECT`: serves one subject, says as a line of JSON how it is asked, and ends with its standard input.
import { SUBJECTS, type SubjectName } from './subjects.ts'

const target = await SUBJECTS[process.argv[2] as SubjectName]()
process.stdout.write(`${JSON.stringify(target)}\n`)
process.stdin.resume().once('end', () => process.exit(0))
