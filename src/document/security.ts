import { create, fromJson, type JsonValue } from '@bufbuild/protobuf'
import { LIMIT_NAMES, LIMITS, resolveLimits, type Diagnostic, type LimitName, type Limits } from '../base/index.ts'
import { checkMessage } from './read-json.ts'
import { pointerTo, Report } from './report.ts'
import {
  DependencySchema,
  SecuritySectionSchema,
  VerificationStatusSchema,
  type Capability,
  type Dependency,
  type SecuritySection,
  type VerificationStatus,
} from './schema/gen/anrf_pb.ts'

const SAFETY_LEVELS: readonly string[] = ['MemorySafe', 'TypeSafe', 'ResourceBounded']
const FILESYSTEM: readonly string[] = ['None', 'ReadOnly', 'ReadWrite']
const MEBIBYTE = 2 ** 20

/** A capability that a program asks for: its name, where it may be used, and why it is needed. */
export type CapabilityRequest = { readonly name: string; readonly scopes?: readonly string[]; readonly reason?: string }

/** The section of a program that asks for `capabilities` and `limits` (defaults where absent) and overrides nothing. */
export function createSecurity(
  asked: readonly CapabilityRequest[] = [],
  limits: Partial<Limits> = {},
): SecuritySection {
  const resolved = resolveLimits(limits)
  return create(SecuritySectionSchema, {
    safetyLevel: 'ResourceBounded',
    isolationRequirements: {
      processIsolation: true,
      memoryIsolation: true,
      resourceLimits: { cpu: 1, memory: resolved.memory / MEBIBYTE, time: resolved.wall, filesystem: 'None' },
    },
    capabilities: asked.map((c) => ({ name: c.name, scopes: [...(c.scopes ?? [])].sort(), reason: c.reason ?? '' })),
    limits: { ...resolved },
  })
}

/** The limits a document asks for: its `limits`, lowered by the published `memory` (MiB) and `time` (ms). */
export function limitsOf(security: SecuritySection): Limits {
  const published = security.isolationRequirements?.resourceLimits
  const asked = resolveLimits(security.limits as Partial<Limits>)
  const lower = (limit: number, other: number): number => (other > 0 ? Math.min(limit, other) : limit)
  return resolveLimits({
    ...asked,
    memory: lower(asked.memory, (published?.memory ?? 0) * MEBIBYTE),
    wall: lower(asked.wall, published?.time ?? 0),
  })
}

/** Checks the rules of the section; `pointer` is where it stands. */
export function checkSecurity(security: SecuritySection, pointer: string, report: Report): void {
  const bad = (field: string, message: string): void => report.add('ANRF3005', `${pointer}/${field}`, message)
  if (!SAFETY_LEVELS.includes(security.safetyLevel))
    bad('safety_level', `the safety level is none of ${SAFETY_LEVELS.join(', ')}`)
  checkIsolation(security, bad)
  checkOverride(security, bad)
  checkLimits(security.limits, pointer, report)
  checkCapabilities(security.capabilities, pointer, report)
  for (const [i, event] of security.auditTrail.entries())
    if (event.eventType === '' || event.actorId === '')
      bad(`audit_trail/${i}`, 'an audit event has a type and an actor')
}

type Complain = (field: string, message: string) => void

function checkIsolation(security: SecuritySection, bad: Complain): void {
  const isolation = security.isolationRequirements
  if (!isolation) return bad('isolation_requirements', 'the isolation requirements are missing')
  if (!security.overrideStatus && !(isolation.processIsolation && isolation.memoryIsolation))
    bad('isolation_requirements', 'process and memory isolation may be given up only by an override')
  const limits = isolation.resourceLimits
  if (!limits) return
  const at = 'isolation_requirements/resource_limits'
  for (const name of ['cpu', 'memory', 'time'] as const)
    if (!Number.isFinite(limits[name]) || limits[name] < 0)
      bad(`${at}/${name}`, 'the limit is not a finite positive number')
  if (!FILESYSTEM.includes(limits.filesystem || 'None'))
    bad(`${at}/filesystem`, `the access is none of ${FILESYSTEM.join(', ')}`)
}

function checkOverride(security: SecuritySection, bad: Complain): void {
  if (!security.overrideStatus) return
  if (security.overrideJustification.trim() === '') bad('override_justification', 'an override needs a justification')
  const approval = security.overrideApproval
  if (!approval || approval.approverId.trim() === '')
    bad('override_approval', 'an override needs an approval by a named approver')
  else if (!isTimestamp(approval.approvalTimestamp))
    bad('override_approval/approval_timestamp', 'the approval has no RFC 3339 timestamp')
}

function checkLimits(limits: Readonly<Record<string, number>>, pointer: string, report: Report): void {
  for (const [name, value] of Object.entries(limits)) {
    const at = pointerTo(`${pointer}/limits`, name)
    if (!isLimitName(name))
      report.add('ANRF3005', at, `there is no limit ${JSON.stringify(name)}`, `Limits are ${LIMIT_NAMES.join(', ')}.`)
    else if (!Number.isSafeInteger(value) || value < 1 || value > LIMITS[name].ceiling)
      report.add(
        'ANRF3005',
        at,
        `the limit is not a whole number of ${LIMITS[name].unit} from 1 to ${LIMITS[name].ceiling}`,
      )
  }
}

function checkCapabilities(capabilities: readonly Capability[], pointer: string, report: Report): void {
  const seen = new Set<string>()
  for (const [i, { name }] of capabilities.entries()) {
    const at = `${pointer}/capabilities/${i}/name`
    if (!/^[a-z][a-z0-9_-]*(:[A-Za-z0-9_.-]+)?$/.test(name))
      report.add('ANRF3005', at, `${JSON.stringify(name)} is not the name of a capability`)
    if (seen.has(name)) report.add('ANRF3005', at, `the capability ${name} is asked for twice`)
    seen.add(name)
  }
}

/** What the metadata of a document says about security, published metadata schema 1.1.0. */
export type SecurityMetadata = {
  readonly security: SecuritySection
  readonly dependencies: readonly Dependency[]
  readonly verificationStatus?: VerificationStatus
}

/**
 * Reads the members `security`, `dependencies` and `verification_status` of a metadata object of
 * the published schema 1.1.0; other members are not about security and are left alone.
 */
export function readSecurityMetadata(
  metadata: unknown,
): SecurityMetadata | { readonly diagnostics: readonly Diagnostic[] } {
  const report = new Report()
  const {
    security,
    dependencies,
    verification_status: status,
  } = (metadata ?? {}) as Record<string, JsonValue | undefined>
  if (security === undefined) report.add('ANRF3005', '/security', 'the security section is missing')
  else checkMessage(SecuritySectionSchema, security, '/security', report)
  const list = dependencies ?? []
  if (!Array.isArray(list)) report.add('ANRF3001', '/dependencies', 'expected an array')
  else
    for (const [i, dependency] of list.entries())
      checkMessage(DependencySchema, dependency, `/dependencies/${i}`, report)
  if (status !== undefined) checkMessage(VerificationStatusSchema, status, '/verification_status', report)
  if (report.diagnostics.length > 0 || security === undefined || !Array.isArray(list))
    return { diagnostics: report.diagnostics }
  const section = fromJson(SecuritySectionSchema, security)
  checkSecurity(section, '/security', report)
  if (report.diagnostics.length > 0) return { diagnostics: report.diagnostics }
  return {
    security: section,
    dependencies: list.map((d) => fromJson(DependencySchema, d)),
    ...(status === undefined ? {} : { verificationStatus: fromJson(VerificationStatusSchema, status) }),
  }
}

function isLimitName(name: string): name is LimitName {
  return Object.hasOwn(LIMITS, name)
}

function isTimestamp(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text))
}
