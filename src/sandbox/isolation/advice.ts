import { readFileSync } from 'node:fs'

/** How systems install a package, by the ID or ID_LIKE of os-release(5). */
const INSTALLERS: Readonly<Record<string, string>> = {
  debian: 'sudo apt-get install',
  fedora: 'sudo dnf install',
  rhel: 'sudo dnf install',
  alpine: 'sudo apk add',
  arch: 'sudo pacman -S',
  suse: 'sudo zypper install',
}

/** The command that installs a package here, as far as it is known. */
export function installCommand(name: string): string {
  const ids = osRelease().flatMap((line) => /^ID(?:_LIKE)?="?([^"]*)"?$/.exec(line)?.[1]?.split(' ') ?? [])
  const installer = ids.map((id) => INSTALLERS[id]).find((known) => known !== undefined)
  return installer === undefined ? `install ${name}` : `${installer} ${name}`
}

function osRelease(): string[] {
  try {
    return readFileSync('/etc/os-release', 'utf8').split('\n')
  } catch {
    return []
  }
}
