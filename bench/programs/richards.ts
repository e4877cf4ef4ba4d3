/** The kernel of an operating system after Martin Richards: six tasks pass packets, an idle task counts down from n and wakes the devices. */
type Kind = 'device' | 'work'

const IDLE = 0
const WORKER = 1
const HANDLER_A = 2
const HANDLER_B = 3
const DEVICE_A = 4
const DEVICE_B = 5
const WORDS = 4

class Packet {
  link: Packet | null
  owner: number
  kind: Kind
  position = 0
  words: number[] = new Array<number>(WORDS).fill(0)

  constructor(link: Packet | null, owner: number, kind: Kind) {
    this.link = link
    this.owner = owner
    this.kind = kind
  }
}

/** The queue with a packet at its end. */
function append(queue: Packet | null, packet: Packet): Packet {
  packet.link = null
  if (queue === null) return packet
  let last = queue
  while (last.link !== null) last = last.link
  last.link = packet
  return queue
}

class Kernel {
  tasks: Task[] = []
  first: Task | null = null
  queued = 0
  held = 0

  add(task: Task): void {
    this.tasks[task.id] = task
    this.first = task
  }

  find(id: number): Task {
    const task = this.tasks[id]
    if (task === undefined) throw new Error(`there is no task ${id}`)
    return task
  }

  schedule(): void {
    let current = this.first
    while (current !== null) current = current.isBlocked() ? current.next : current.resume()
  }

  /** Sends a packet to its owner; the sender becomes the owner of the packet. Gives the task to run next. */
  send(packet: Packet, sender: Task): Task {
    const receiver = this.find(packet.owner)
    this.queued++
    packet.owner = sender.id
    return receiver.receive(packet, sender)
  }

  release(id: number, current: Task): Task {
    const task = this.find(id)
    task.isHeld = false
    return task.priority > current.priority ? task : current
  }
}

abstract class Task {
  readonly kernel: Kernel
  readonly id: number
  readonly priority: number
  readonly next: Task | null
  queue: Packet | null
  isHeld = false
  isWaiting = true
  hasPacket: boolean

  constructor(kernel: Kernel, id: number, priority: number, queue: Packet | null) {
    this.kernel = kernel
    this.id = id
    this.priority = priority
    this.next = kernel.first
    this.queue = queue
    this.hasPacket = queue !== null
    kernel.add(this)
  }

  abstract work(packet: Packet | null): Task | null

  isBlocked(): boolean {
    return this.isHeld || (this.isWaiting && !this.hasPacket)
  }

  resume(): Task | null {
    let packet: Packet | null = null
    if (this.isWaiting && this.hasPacket && this.queue !== null) {
      packet = this.queue
      this.queue = packet.link
      this.isWaiting = false
      this.hasPacket = this.queue !== null
    }
    return this.work(packet)
  }

  receive(packet: Packet, sender: Task): Task {
    const wasEmpty = this.queue === null
    this.queue = append(this.queue, packet)
    if (!wasEmpty) return sender
    this.hasPacket = true
    return this.priority > sender.priority ? this : sender
  }

  hold(): Task | null {
    this.kernel.held++
    this.isHeld = true
    return this.next
  }

  wait(): Task {
    this.isWaiting = true
    return this
  }
}

class IdleTask extends Task {
  private seed = 1
  private count: number

  constructor(kernel: Kernel, count: number) {
    super(kernel, IDLE, 0, null)
    this.count = count
    this.isWaiting = false
  }

  work(): Task | null {
    this.count--
    if (this.count === 0) return this.hold()
    const isOdd = (this.seed & 1) !== 0
    this.seed = isOdd ? (this.seed >> 1) ^ 0xd008 : this.seed >> 1
    return this.kernel.release(isOdd ? DEVICE_B : DEVICE_A, this)
  }
}

class DeviceTask extends Task {
  private pending: Packet | null = null

  work(packet: Packet | null): Task | null {
    if (packet !== null) {
      this.pending = packet
      return this.hold()
    }
    if (this.pending === null) return this.wait()
    const done = this.pending
    this.pending = null
    return this.kernel.send(done, this)
  }
}

class WorkerTask extends Task {
  private target = HANDLER_A
  private letter = 0

  work(packet: Packet | null): Task | null {
    if (packet === null) return this.wait()
    this.target = this.target === HANDLER_A ? HANDLER_B : HANDLER_A
    packet.owner = this.target
    packet.position = 0
    for (let i = 0; i < WORDS; i++) {
      this.letter = (this.letter % 26) + 1
      packet.words[i] = this.letter
    }
    return this.kernel.send(packet, this)
  }
}

class HandlerTask extends Task {
  private toDo: Packet | null = null
  private free: Packet | null = null

  work(packet: Packet | null): Task | null {
    if (packet !== null) {
      if (packet.kind === 'work') this.toDo = append(this.toDo, packet)
      else this.free = append(this.free, packet)
    }
    const work = this.toDo
    if (work === null) return this.wait()
    if (work.position >= WORDS) {
      this.toDo = work.link
      return this.kernel.send(work, this)
    }
    const device = this.free
    if (device === null) return this.wait()
    this.free = device.link
    device.position = work.words[work.position]
    work.position++
    return this.kernel.send(device, this)
  }
}

function makeQueue(length: number, owner: number, kind: Kind): Packet | null {
  let queue: Packet | null = null
  for (let i = 0; i < length; i++) queue = new Packet(queue, owner, kind)
  return queue
}

/** How many packets were sent, in millions, and how often tasks were held: 23246 and 9297 for 10000. */
export function run(n: number): number {
  const kernel = new Kernel()
  new IdleTask(kernel, n)
  new WorkerTask(kernel, WORKER, 1000, makeQueue(2, WORKER, 'work'))
  new HandlerTask(kernel, HANDLER_A, 2000, makeQueue(3, DEVICE_A, 'device'))
  new HandlerTask(kernel, HANDLER_B, 3000, makeQueue(3, DEVICE_B, 'device'))
  new DeviceTask(kernel, DEVICE_A, 4000, null)
  new DeviceTask(kernel, DEVICE_B, 5000, null)
  kernel.schedule()
  return kernel.queued * 1e6 + kernel.held
}
