/** Five bodies under gravity, symplectic Euler; n steps. */
class Body {
  x: number
  y: number
  z: number
  vx: number
  vy: number
  vz: number
  mass: number

  constructor(x: number, y: number, z: number, vx: number, vy: number, vz: number, mass: number) {
    this.x = x
    this.y = y
    this.z = z
    this.vx = vx
    this.vy = vy
    this.vz = vz
    this.mass = mass
  }
}

const SOLAR_MASS = 4 * Math.PI * Math.PI
const DAYS = 365.24

function system(): Body[] {
  const bodies = [
    new Body(0, 0, 0, 0, 0, 0, SOLAR_MASS),
    new Body(
      4.841431442464721,
      -1.1603200440274284,
      -0.10362204447112311,
      0.001660076642744037 * DAYS,
      0.007699011184197404 * DAYS,
      -0.0000690460016972063 * DAYS,
      0.0009547919384243266 * SOLAR_MASS,
    ),
    new Body(
      8.34336671824458,
      4.124798564124305,
      -0.4035234171143214,
      -0.002767425107268624 * DAYS,
      0.004998528012349172 * DAYS,
      0.00002304172975737639 * DAYS,
      0.0002858859806661308 * SOLAR_MASS,
    ),
    new Body(
      12.894369562139131,
      -15.111151401698631,
      -0.22330757889265573,
      0.002964601375647616 * DAYS,
      0.0023784717395948095 * DAYS,
      -0.000029658956854023756 * DAYS,
      0.00004366244043351563 * SOLAR_MASS,
    ),
    new Body(
      15.379697114850917,
      -25.919314609987964,
      0.17925877295037118,
      0.0026806777249038932 * DAYS,
      0.001628241700382423 * DAYS,
      -0.00009515922545197159 * DAYS,
      0.00005151389020466115 * SOLAR_MASS,
    ),
  ]
  let px = 0
  let py = 0
  let pz = 0
  for (const b of bodies) {
    px += b.vx * b.mass
    py += b.vy * b.mass
    pz += b.vz * b.mass
  }
  bodies[0].vx = -px / SOLAR_MASS
  bodies[0].vy = -py / SOLAR_MASS
  bodies[0].vz = -pz / SOLAR_MASS
  return bodies
}

function advance(bodies: Body[], dt: number): void {
  for (let i = 0; i < bodies.length; i++) {
    const a = bodies[i]
    for (let j = i + 1; j < bodies.length; j++) {
      const b = bodies[j]
      const dx = a.x - b.x
      const dy = a.y - b.y
      const dz = a.z - b.z
      const d2 = dx * dx + dy * dy + dz * dz
      const mag = dt / (d2 * Math.sqrt(d2))
      a.vx -= dx * b.mass * mag
      a.vy -= dy * b.mass * mag
      a.vz -= dz * b.mass * mag
      b.vx += dx * a.mass * mag
      b.vy += dy * a.mass * mag
      b.vz += dz * a.mass * mag
    }
  }
  for (const b of bodies) {
    b.x += dt * b.vx
    b.y += dt * b.vy
    b.z += dt * b.vz
  }
}

function energy(bodies: Body[]): number {
  let e = 0
  for (let i = 0; i < bodies.length; i++) {
    const a = bodies[i]
    e += 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz)
    for (let j = i + 1; j < bodies.length; j++) {
      const b = bodies[j]
      const dx = a.x - b.x
      const dy = a.y - b.y
      const dz = a.z - b.z
      e -= (a.mass * b.mass) / Math.sqrt(dx * dx + dy * dy + dz * dz)
    }
  }
  return e
}

/** Energy after n steps. */
export function run(n: number): number {
  const bodies = system()
  for (let i = 0; i < n; i++) advance(bodies, 0.01)
  return energy(bodies)
}
