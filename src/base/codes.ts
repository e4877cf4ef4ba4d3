import type { Severity } from './diagnostic.ts'
import { REGISTRY_CODES } from './registry-codes.ts'

export type CodeRow = { readonly title: string; readonly severity: Severity; readonly help: string }

/**
 * Every diagnostic code, once. The first digit is the stage: 1 reading TypeScript, 2 IR,
 * 3 documents, 4 inputs and execution, 5 service and command line. `help` is what
 * `anrf --explain CODE` prints. Numbers are never reused.
 */
export const CODES = {
  ANRF1001: {
    title: 'Syntax error',
    severity: 'error',
    help: 'The file is not TypeScript. Nothing was compiled. Mend the syntax at the place shown; later errors may follow from the first.',
  },
  ANRF1002: {
    title: 'File or module not found',
    severity: 'error',
    help: 'Programs are closed: they may import only files by relative paths below the root of the program. Packages and Node modules are not available; what a program needs from the world it asks for as a capability.',
  },
  ANRF1003: {
    title: 'Type error',
    severity: 'error',
    help: 'The TypeScript checker refuses this program. ANRF reports the message as TypeScript words it. Errors about which the whole-program analysis knows better are warnings.',
  },
  ANRF1101: {
    title: 'Feature outside the language',
    severity: 'error',
    help: 'The construct shown has no meaning in ANRF yet or by design. The hint says what to write instead. A program that contains it is refused as a whole rather than run with a different meaning.',
  },
  ANRF1102: {
    title: 'Library member not available',
    severity: 'error',
    help: 'The standard library member shown is not part of the ANRF library. The hint names the closest member that is.',
  },
  ANRF1103: {
    title: 'Value of unknown type',
    severity: 'error',
    help: 'The whole-program analysis could not find out what kind of value stands here, usually because an exported function takes an `any`. Write the type of the parameter.',
  },
  ANRF1104: {
    title: 'Values of different kinds meet',
    severity: 'error',
    help: 'Values of kinds that have no common representation reach this place, for example two unrelated classes or a function and an array. Keep them in separate variables.',
  },
  ANRF1105: {
    title: 'No such entry',
    severity: 'error',
    help: 'An entry is a function that the main file exports. Export the function, or name one of those that are listed.',
  },
  ANRF1106: {
    title: 'Entry type cannot be given as JSON',
    severity: 'error',
    help: 'The parameters of an entry come from JSON: numbers, strings, booleans, null, arrays, tuples and plain objects. Functions and class instances cannot be given from outside.',
  },
  ANRF1107: {
    title: 'Exported function is no entry',
    severity: 'warning',
    help: 'The main file exports a function that takes functions or instances of classes, which cannot be given from outside. The other exported functions are the entries of the program.',
  },
  ANRF2001: {
    title: 'Malformed IR bytes',
    severity: 'error',
    help: 'The bytes in the execution layer are not an ANRF IR module of a version this build reads. The document is damaged or was made by another version.',
  },
  ANRF2002: {
    title: 'Malformed IR text',
    severity: 'error',
    help: 'The text form of the IR does not follow the grammar of spec/text.md at the place shown.',
  },
  ANRF2003: {
    title: 'Invalid IR module',
    severity: 'error',
    help: 'The module is well formed but breaks a rule of spec/checking.md: every rule has a name, which the message begins with. A module that breaks a rule is never run.',
  },
  ANRF3001: {
    title: 'Malformed document',
    severity: 'error',
    help: 'The document does not follow the ANRF v1 schema: a field is missing, unknown or of another type. The pointer names the place.',
  },
  ANRF3002: {
    title: 'Document identity mismatch',
    severity: 'error',
    help: 'The SHA-256 of the canonical form differs from the identity that was asked for or recorded. The document was changed after it was made.',
  },
  ANRF3003: {
    title: 'Signature invalid',
    severity: 'error',
    help: 'The DSSE envelope is not a valid Ed25519 signature by a trusted key over this document.',
  },
  ANRF3004: {
    title: 'Unresolved reference',
    severity: 'error',
    help: 'A reference between the layers of the document names a node, type or constraint that is not there, or is not answered by a reference in the other direction.',
  },
  ANRF3005: {
    title: 'Security section missing or invalid',
    severity: 'error',
    help: 'Every document states the capabilities it asks for, its limits and its isolation. An override needs a justification and an approval.',
  },
  ANRF3006: {
    title: 'Document migrated',
    severity: 'warning',
    help: 'The document predates the security section. It was loaded with the defaults: no capabilities, default limits, no override.',
  },
  ANRF3007: {
    title: 'Unknown graph operation',
    severity: 'error',
    help: 'A document of format "graph" uses an operation, or a form of one, that is not in the documented set. The message names the node.',
  },
  ANRF3008: {
    title: 'Document too large or too deep',
    severity: 'error',
    help: 'The document exceeds the size or nesting bound of the reader. Split the program, or raise the bound where you run it.',
  },
  ANRF4001: {
    title: 'Input does not fit',
    severity: 'error',
    help: 'A value of `inputs` is not of the type that the entry declares. The pointer names the value, the message what was expected and what came.',
  },
  ANRF4002: {
    title: 'Input missing',
    severity: 'error',
    help: 'The entry needs a parameter that `inputs` does not have. Inputs are an object keyed by parameter name.',
  },
  ANRF4003: {
    title: 'Unknown input',
    severity: 'error',
    help: '`inputs` has a key that is not a parameter of the entry. It is refused rather than ignored, since it is most often a misspelling.',
  },
  ANRF4004: {
    title: 'Invalid JSON',
    severity: 'error',
    help: "The text is not JSON (RFC 8259), or is nested or sized beyond the reader's bound.",
  },
  ANRF4010: {
    title: 'Grant not understood',
    severity: 'error',
    help: 'A grant has the form CAPABILITY[=SCOPE], such as `kv`, `http=GET https://api.example.com/v1/` or `files=read:./data`; docs/EFFECTS.md has the grammar of each. Nothing was granted, and nothing was run.',
  },
  ANRF4011: {
    title: 'Secret not understood',
    severity: 'error',
    help: 'A secret has a name of letters, digits and `_`, a value of at least 8 letters of printable ASCII, and the hosts to which it may be sent. On the command line it is given as NAME@HOST=VARIABLE, where VARIABLE of the environment has the value.',
  },
  ANRF4012: {
    title: 'Tools not understood',
    severity: 'error',
    help: 'The file of tools (tools.json) does not describe tools as docs/EFFECTS.md says. The pointer names the place. No tool can be used until all are right.',
  },
  ANRF5001: {
    title: 'Not authenticated',
    severity: 'error',
    help: 'Send `Authorization: Bearer KEY` with a key of this service. `anrf serve` prints a fresh admin key once when it creates its store.',
  },
  ANRF5002: {
    title: 'Not permitted',
    severity: 'error',
    help: 'The key is valid but lacks the scope that the route asks for, or would give scopes that it lacks itself.',
  },
  ANRF5003: {
    title: 'Not found',
    severity: 'error',
    help: 'There is no artifact or execution of this name or id that you may see.',
  },
  ANRF5004: {
    title: 'Request not understood',
    severity: 'error',
    help: "The request does not fit the route's schema; see /openapi.json.",
  },
  ANRF5005: {
    title: 'Service overloaded or stopping',
    severity: 'error',
    help: 'The service cannot take the request now. Try again after the seconds that `Retry-After` names.',
  },
  ANRF5006: {
    title: 'Conflict',
    severity: 'error',
    help: 'The name and version are taken by another document. Published versions are immutable: publish a new version.',
  },
  ANRF5007: { title: 'Request too large', severity: 'error', help: 'The body exceeds the bound of the route.' },
  ANRF5008: {
    title: 'Internal error',
    severity: 'error',
    help: 'A defect of ANRF itself, not of your program. Please report it with the reference shown.',
  },
  ANRF5009: {
    title: 'Wrong usage',
    severity: 'error',
    help: 'The command line is not understood. `anrf help COMMAND` shows the form with examples.',
  },
  ANRF5010: {
    title: 'Refused by a verifier',
    severity: 'error',
    help: 'A verifier that this service is configured with refused the program, its inputs or its result. The message names the verifier.',
  },
  ANRF5011: {
    title: 'Too many executions under way',
    severity: 'error',
    help: 'The key has as many executions running or waiting as the limit `concurrency` allows. Ask again when one has ended; `Retry-After` says how soon.',
  },
  ANRF5020: {
    title: 'Key no longer valid',
    severity: 'error',
    help: 'The key is right but has expired, or was revoked. Somebody with the scope `admin` makes another one: `POST /keys`, or in time `POST /keys/{id}/rotate`.',
  },
  ANRF5021: {
    title: 'Tenant not served',
    severity: 'error',
    help: 'The tenant is disabled or not known here. Who operates the service enables it: `POST /tenants/{id}/enable`. What is suspended is kept.',
  },
  ANRF5022: {
    title: 'Rights have ended',
    severity: 'error',
    help: 'An execution was to go on, but all keys of who asked for it have expired or were revoked, or its tenant is disabled. It stays as it is and goes on when the rights are back: another key for the same identity (`principal` of `POST /keys`), or `POST /tenants/{id}/enable`.',
  },
  ANRF5030: {
    title: 'Policies not understood',
    severity: 'error',
    help: 'A file of policies does not parse, or the folder cannot be read. Policies are written in Cedar (docs/POLICY.md). Nothing of the folder was taken; what was in force before still is.',
  },
  ANRF5031: {
    title: 'Policy does not fit the schema',
    severity: 'error',
    help: 'The policy speaks of an action, entity or attribute that there is not, or of one that may be absent without asking `has` first. `anrf policy show` prints the schema.',
  },
  ANRF5032: {
    title: 'Profiles not understood',
    severity: 'error',
    help: 'profiles.json has a member that there is not, or gives more than the settings of the service list. docs/POLICY.md has every member.',
  },
  ANRF5033: {
    title: 'Denied by policy',
    severity: 'error',
    help: 'A policy of this service forbids it, or could not be evaluated, which denies as well. `policy` names the policies and their reasons; whoever operates the service can change them.',
  },
  ANRF5034: {
    title: 'Not permitted to run so',
    severity: 'error',
    help: 'No profile that you may run the program with fits the run. `policy` says for each profile which rule is not met and what would be. An exception for a limited time can be asked for at /overrides.',
  },
  ANRF5035: {
    title: 'Override not possible',
    severity: 'error',
    help: 'An override is approved by somebody who operates the service, who neither asked for it nor gains by it, and before it expires. What is decided stays decided; ask for another one.',
  },
  ANRF5023: {
    title: 'Token refused',
    severity: 'error',
    help: 'The token (JWT) is not one that this service takes: the message says why. It must be an access token that has not expired, signed by an issuer of `ANRF_OIDC` for the audience that stands there. Ask the issuer for another one.',
  },
  ANRF5026: {
    title: 'Head of the request too large',
    severity: 'error',
    help: 'The request line and the header fields together exceed `ANRF_HEADER_BYTES`, or there are more than 100 fields. A long value belongs into the body.',
  },
  ANRF5025: {
    title: 'Quota used up',
    severity: 'error',
    help: 'More requests or fuel were used than the quota allows in its time. Try again after the seconds that `Retry-After` names; `RateLimit` of every answer says what is left. Who operates the service changes the quotas of a tenant: `PUT /tenants/{id}/quotas`.',
  },
  ANRF5024: {
    title: 'Issuer not reachable',
    severity: 'error',
    help: 'The service has not the keys to check the token with, and its issuer cannot be reached now. The token may be right: try again after the seconds that `Retry-After` names.',
  },
  ...REGISTRY_CODES,
  ANRF5060: {
    title: 'Refused by a hook',
    severity: 'error',
    help: 'A hook that this service is configured with refused the execution before it began. The message names the hook and its reason. Nothing ran: change what it objects to, and do not try another way around.',
  },
  ANRF5061: {
    title: 'Result rejected by a hook',
    severity: 'error',
    help: 'The program ran, and a hook keeps its result back. The message names the hook and its reason; `usage` says what the run used, and `GET /executions/{id}/effects` what it did to the world.',
  },
  ANRF5062: {
    title: 'A hook gave no answer',
    severity: 'error',
    help: 'A hook without whose answer nothing goes on (`"onFailure": "closed"`) could not be reached, took too long, or answered what is no answer. `GET /hooks` shows the operator which and why.',
  },
  ANRF5063: {
    title: 'Hooks not understood',
    severity: 'error',
    help: 'The file of hooks (ANRF_HOOKS) does not describe hooks and verifiers as docs/HOOKS.md says, or a module that it names does not fit. The pointer names the place. The service does not start until all are right.',
  },
  ANRF5040: {
    title: 'The execution has ended',
    severity: 'error',
    help: 'What has ended cannot be cancelled. `GET /executions/{id}` says how it ended.',
  },
  ANRF5041: {
    title: 'Idempotency key not understood',
    severity: 'error',
    help: 'The field `Idempotency-Key` has a string of 1 to 255 letters of printable ASCII, best a UUID, with or without quotes. Nothing was done.',
  },
  ANRF5042: {
    title: 'Request under way',
    severity: 'error',
    help: 'A request with the same `Idempotency-Key` is being done, or was done so long ago that its answer is no longer kept. It is not done a second time. Ask again later, or read the execution that the message names.',
  },
  ANRF5043: {
    title: 'Idempotency key of another request',
    severity: 'error',
    help: 'The `Idempotency-Key` was used before with another target or body. Nothing was done. Take a new key for a new request.',
  },
  ANRF5100: {
    title: 'Audit log was altered',
    severity: 'error',
    help: 'The entries are not those that a signed checkpoint covers, or what is kept of their tree does not follow from them. Somebody changed the log, or the disk did. Keep the folder as it is, and compare it with a backup.',
  },
  ANRF5101: {
    title: 'Checkpoint not valid',
    severity: 'error',
    help: 'A checkpoint of the audit log is malformed, or not signed by the key of the log. Give the key that belongs to it (--log-key), or the checkpoint as it was printed.',
  },
  ANRF5102: {
    title: 'Key of the audit log not understood',
    severity: 'error',
    help: 'The key by which checkpoints are trusted is a line NAME+ID+KEY, as `anrf audit key` and `GET /audit/key` give it.',
  },
  ANRF5103: {
    title: 'Audit log was cut off',
    severity: 'error',
    help: 'The log has fewer entries than it had when a checkpoint was signed. The newest entries were removed, or an older copy was put in its place.',
  },
  ANRF5104: {
    title: 'Entry of the audit log was altered',
    severity: 'error',
    help: 'An entry is malformed, or who did what in it is not what was sealed when it was recorded.',
  },
  ANRF5105: {
    title: 'Erased without a redaction',
    severity: 'error',
    help: 'Who did what in an entry is gone, and no entry of the log says that it was redacted. Only `anrf audit redact` and retention erase.',
  },
  ANRF5070: {
    title: 'Configuration not understood',
    severity: 'error',
    help: 'A configuration file is a JSON object of settings by name, and --set takes KEY=VALUE; docs/CONFIGURATION.md has all settings. `anrf serve --print-config` shows what holds and where it was given. Nothing was started.',
  },
  ANRF5107: {
    title: 'Store damaged',
    severity: 'error',
    help: 'A page of the database, or a document that a row names, is not what was written. Nothing was changed by looking. Restore a backup (`anrf backup`), and look at the disk.',
  },
  ANRF5044: {
    title: 'Batch not taken',
    severity: 'error',
    help: 'A batch has at least one item, and at most as many as this service takes (ANRF_BATCH_ITEMS). Make several of it. Nothing was begun.',
  },
  ANRF5045: {
    title: 'Payload expired',
    severity: 'error',
    help: 'What the execution was given, said and logged was kept for as long as this service keeps it (ANRF_PAYLOAD_DAYS), and is erased. `GET /executions/{id}` has what stays of it with the digests, and its receipt can still be had.',
  },
  ANRF6001: {
    title: 'Recording not understood',
    severity: 'error',
    help: 'A recording is what `anrf run --record FILE` or `GET /executions/{id}/recording` gives, unchanged.',
  },
  ANRF6002: {
    title: 'Receipt not valid',
    severity: 'error',
    help: 'The signature is not by a trusted key, or the receipt was made for another execution.',
  },
  ANRF6003: {
    title: 'Replay differs',
    severity: 'error',
    help: 'Doing the execution again gave something else. The same program, inputs and journal give the same everywhere: please report it with the recording.',
  },
  ANRF7001: {
    title: 'Isolation not available',
    severity: 'error',
    help: 'Programs are run only under the isolation that was asked for, or the strongest that proves itself on this machine. The message says what is missing and the hint how to get it; docs/SANDBOX.md describes the levels.',
  },
} as const satisfies Record<string, CodeRow>

export type Code = keyof typeof CODES
