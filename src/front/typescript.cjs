'use strict'
// TypeScript, with the code that V8 made of it kept beside Node's compile cache. Node keeps what stands at the top of a file; the thousands
// of functions that TypeScript calls would be compiled again by each process. See docs/decisions/0007.
const { closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs')
const { createRequire, getCompileCacheDir, Module, wrap } = require('node:module')
const { dirname, join } = require('node:path')
const { Script } = require('node:vm')
const { crc32 } = require('node:zlib')

/** Processes that add to the file what V8 compiled for them, which takes each 0.1 s; after so many there is little left to add. */
const ROUNDS = 6
/** Of the file, 32 bits each: the sum of the source, the sum of the code, how many processes have added to it. */
const HEADER_BYTES = 12

/** TypeScript as `require` gives it, to this one and to all who require it afterwards. */
function loadTypescript() {
  const path = require.resolve('typescript')
  const folder = getCompileCacheDir()
  if (folder === undefined || require.cache[path]) return require('typescript')
  const source = readFileSync(path)
  const sum = crc32(source)
  const file = join(folder, 'typescript.code')
  const kept = readKept(file, sum)
  const script = new Script(wrap(source.toString()), { filename: path, cachedData: kept?.code })
  const rounds = kept && !script.cachedDataRejected ? kept.rounds : 0
  if (rounds < ROUNDS) process.once('exit', () => keep(file, sum, rounds + 1, script))
  return runAsModule(script, path)
}

/** What the file holds, if it is of this source and whole: V8 itself looks only at the length of the source. */
function readKept(file, sum) {
  try {
    const bytes = readFileSync(file)
    const code = bytes.subarray(HEADER_BYTES)
    if (bytes.readUInt32LE(0) !== sum || bytes.readUInt32LE(4) !== crc32(code)) return undefined
    return { code, rounds: bytes.readUInt32LE(8) }
  } catch {
    return undefined
  }
}

/** Puts a new file in the place of the old one. Where it cannot, nothing is kept, and the next process compiles again. */
function keep(file, sum, rounds, script) {
  const begun = `${file}.${process.pid}`
  try {
    const opened = openSync(begun, 'wx')
    try {
      const code = script.createCachedData()
      const header = Buffer.alloc(HEADER_BYTES)
      header.writeUInt32LE(sum, 0)
      header.writeUInt32LE(crc32(code), 4)
      header.writeUInt32LE(rounds, 8)
      writeFileSync(opened, Buffer.concat([header, code]))
    } finally {
      closeSync(opened)
    }
    renameSync(begun, file)
  } catch {
    rmSync(begun, { force: true })
  }
}

/** Runs the code of a CommonJS module as Node does. */
function runAsModule(script, path) {
  const made = new Module(path, module)
  made.filename = path
  require.cache[path] = made
  const run = script.runInThisContext()
  run.call(made.exports, made.exports, createRequire(path), made, path, dirname(path))
  made.loaded = true
  return made.exports
}

module.exports = loadTypescript()
