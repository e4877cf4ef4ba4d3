import type { Constant } from '../ir/index.ts'
import type { Span } from '../base/index.ts'
import type { Kinds } from './kinds.ts'

/**
 * HIR: the program with its syntax sugar removed and its names resolved, but without types. The
 * builder makes it from the TypeScript tree, the flow analysis finds the kinds of its values, the
 * emitter turns it into IR. It keeps JavaScript's meaning: every node may see any kind of value.
 */

/** A variable: module-level when `scope` is null, else local to a function. */
export type HVar = {
  readonly name: string
  readonly scope: HFunc | null
  readonly span: Span
  /** Some function other than `scope` uses it. Always false for module-level variables. */
  readonly captured: boolean
  /** Assigned after its declaration. A parameter counts as assigned when it is ever the target of an assignment. */
  readonly assigned: boolean
  /** May be read before its declaration has run (temporal dead zone): reads are checked. */
  readonly checked: boolean
  /** A static member: what uses it asks its class first whether it is there. */
  readonly ofClass?: boolean
  /** The program asks somewhere whether it is undefined, null or falsy: a missing element stored in it is undefined and no trap. */
  readonly tested: boolean
  /** Outlives one run of the code that declares it, which is a part of a generator: it stands in a cell of its own, which its function makes (`frame`). */
  readonly kept?: boolean
  /** What it holds as messages name it, where no program has such a variable. */
  readonly text?: string
  /** Never assigned and bound to this function: a function declaration, or `const f = (...) => ...`. */
  readonly func?: HFunc
}

export type HParam = {
  readonly variable: HVar
  /** May be left out by callers: `?`, a default value. */
  readonly optional: boolean
}

/**
 * A function, method, accessor, constructor or the initialiser of the program. Defaults and
 * patterns of parameters are statements at the start of the body. The body is built when it is first asked for,
 * so that code that no entry reaches needs no meaning.
 */
export type HFunc = {
  readonly name: string
  readonly params: readonly HParam[]
  /** The rest parameter: an array of the remaining arguments. */
  readonly rest: HVar | null
  /** The rest variable is `arguments`: an array of all arguments, those of the parameters too. */
  readonly takesAll?: boolean
  /**
   * The receiver in methods, accessors and constructors, and `this` of functions that are none (`cls` is null then); arrow functions inside
   * capture it like any variable.
   */
  readonly thisVar: HVar | null
  /** Has type parameters of its own, or comes from the prelude: analysed anew for each call. */
  readonly generic: boolean
  /** The function that it is written in; null at module level and for members of module-level classes. */
  readonly parent: HFunc | null
  readonly cls: HClass | null
  /** Its name comes from a key that is computed when the program runs, so it cannot be shown. */
  readonly namedLate?: boolean
  /** The class whose instances it makes, or the kind of error, where it stands for the class as a value. */
  readonly makes?: HClass | string
  /** Is no constructor in JavaScript: an arrow function, a method, an async or a generator function. Of others that is not said. */
  readonly makesNothing?: true
  /** Its `length`: the parameters before the first that has a default. Not said of what cannot be asked for it. */
  readonly arity?: number
  /** The code of a generator or an async function, run part by part: a function in the one that is called. */
  readonly resumed?: HFunc | undefined
  /** A function of the library that has properties in Node, which are shown with it. */
  readonly hasProperties?: boolean
  /** What it is bound to, where `bind` made it: its name is made of that of the target. */
  readonly binds?: BoundTarget
  /** Of a method that the program takes from its objects: the variable of the function that it is, which anybody may call on anything. */
  readonly taken?: HVar
  /** What its constructor is called where that is not Function. */
  readonly form?: 'AsyncFunction' | 'GeneratorFunction' | 'AsyncGeneratorFunction'
  readonly span: Span
  readonly body: () => readonly HStmt[]
  /** Variables of enclosing functions that it or functions in it use; complete once `body` was called. */
  readonly captures: ReadonlySet<HVar>
}

/**
 * What `bind` was called on: a value, a method of an object, or a function of the library. `replaced`: the object may
 * have something else in the place of the method.
 */
export type BoundTarget =
  | { readonly kind: 'value'; readonly value: HExpr }
  | { readonly kind: 'method'; readonly obj: HExpr; readonly name: string; readonly replaced: boolean }
  | { readonly kind: 'library'; readonly name: string }

/** Whether each use of a function, or call of a member, is analysed as a copy of its own; what takes variables along is one for all. */
export const isCopied = (func: HFunc): boolean => func.generic && func.captures.size === 0

/** Whether a variable is `this` of a function that is no member of a class. */
export const isOwnThis = (v: HVar): boolean => v.scope?.thisVar === v && v.scope.cls === null

/** A private member of a class of the program: who declares it, as V8 names that, null for static ones, which no instance has. */
export type PrivateMember = { readonly cls: HClass | null; readonly isField: boolean; readonly of: string }

export type HField = {
  readonly name: string
  /** No own enumerable property: a `#private` field (member-names.ts), or what an error has from Error. */
  readonly hidden: boolean
  readonly start: Start
  /**
   * Whose constructor gives the instance to other code before the field is there: that of the base class, or of the class;
   * null where nobody else sees the instance by then.
   */
  readonly exposed: 'base' | 'class' | null
}

/**
 * How a field comes into being (ECMA-262 7.3.34): with a value; undefined, and the constructor sets it before it
 * reads it on every path; undefined, and it may be read so.
 */
export type Start = 'value' | 'unread' | 'undefined'

/**
 * A class. Static members are module-level variables and functions. Fields are in the order in which instances get them;
 * fields and members are those of the base class too, where the class has none in their place.
 */
export type HClass = {
  readonly name: string
  /** Has type parameters, or comes from the prelude: instances of different origin are analysed apart. */
  readonly generic: boolean
  /** The class RegExp of the prelude. */
  readonly isRegExp: boolean
  /** The class Symbol of the prelude, whose instances are no objects to a program. */
  readonly isSymbol: boolean
  /** The class Date of the prelude. */
  readonly isDate: boolean
  /** Of the prelude's typed arrays, DataView and ArrayBuffer the name. */
  readonly bytes: string | null
  readonly base: HClass | null
  /** The built-in kind of error that it extends, itself or through others. */
  readonly error: string | null
  /** `Map` or `Set`, where it extends one of them, itself or through others. */
  readonly extended: string | null
  /** Declares an index signature, itself or through others: instances take properties of any name. */
  readonly indexed: boolean
  /** The field that instances have when they have the private methods and accessors of the class, where somebody may see them before. */
  readonly brand: string | null
  readonly fields: readonly HField[]
  readonly methods: ReadonlyMap<string, HFunc>
  readonly getters: ReadonlyMap<string, HFunc>
  readonly setters: ReadonlyMap<string, HFunc>
  /** What instances show beside the name of the class, empty for nothing; null where that is known only when the program runs. */
  readonly tag: string | null
  /** The names of its static members and of those that it inherits. */
  readonly statics: ReadonlySet<string>
  /** Whether it has enumerable static members: fields that are not private. */
  readonly hasStaticFields: boolean
  /** Runs the constructor of the base class, the field initialisers in order, and the constructor's own body. */
  readonly construct: HFunc
  /** The variable of the function that stands for the class as a value; none where each run of the declaration makes another class. */
  readonly value: () => HVar | undefined
  readonly span: Span
}

/**
 * What a read of a missing element means where it stands. `trap`: there is no place for
 * undefined. `undefined`: the context tells undefined apart (a comparison, a test, `??`, `?.`, a
 * receiver, a tested variable, a default). `number`: the context makes a number of it (arithmetic, order).
 */
export type Miss = 'trap' | 'undefined' | 'number'

export type HArg = { readonly kind: 'item' | 'spread'; readonly value: HExpr }
export type HElem = HArg | { readonly kind: 'hole' }
export type HProp =
  | { readonly kind: 'field'; readonly name: string; readonly value: HExpr }
  /** `[key]: value`. */
  | { readonly kind: 'computed'; readonly key: HExpr; readonly value: HExpr }
  /** Copies the fields of `value` except those named. */
  | { readonly kind: 'spread'; readonly value: HExpr; readonly except: readonly string[] }

/** `numeric` is ToNumeric (7.1.3); `++` and `--` of a value, which nothing is assigned. */
export type UnaryOp = 'numeric' | '++' | '--' | '-' | '+' | '!' | '~' | 'typeof' | 'void'
export type BinaryOp =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '**'
  | '&'
  | '|'
  | '^'
  | '<<'
  | '>>'
  | '>>>'
  | '<'
  | '<='
  | '>'
  | '>='
  | '==='
  | '!=='
  | '=='
  | '!='

/** Whether a class is another one, or extends it. */
export function isDerived(cls: HClass | null, from: HClass): boolean {
  return cls !== null && (cls === from || isDerived(cls.base, from))
}

/** Expressions are evaluated left to right, as ECMA-262 orders it. */
export type HExpr = { readonly span: Span } & (
  | { readonly kind: 'const'; readonly value: Constant }
  | { readonly kind: 'var'; readonly v: HVar }
  /** Assigns and is the assigned value. */
  | { readonly kind: 'assign'; readonly v: HVar; readonly value: HExpr }
  | { readonly kind: 'function'; readonly f: HFunc }
  | { readonly kind: 'unary'; readonly op: UnaryOp; readonly x: HExpr }
  | { readonly kind: 'binary'; readonly op: BinaryOp; readonly a: HExpr; readonly b: HExpr }
  | { readonly kind: 'logical'; readonly op: '&&' | '||' | '??'; readonly a: HExpr; readonly b: HExpr }
  | {
      readonly kind: 'cond'
      readonly test: HExpr
      readonly then: HExpr
      readonly else: HExpr
      /** Written as `a?.b`. */
      readonly chain?: true
    }
  /** `text`: how messages name it. */
  | { readonly kind: 'seq'; readonly body: readonly HStmt[]; readonly value: HExpr; readonly text?: string }
  /** The parts as strings, joined: template literals. `given`: those that are no text of its own, by which messages name it. */
  | { readonly kind: 'template'; readonly parts: readonly HExpr[]; readonly given?: readonly HExpr[] }
  | { readonly kind: 'array'; readonly elems: readonly HElem[] }
  /** `brand`: an object of the library, as Node names it; its fields belong to the library alone. */
  | { readonly kind: 'object'; readonly props: readonly HProp[]; readonly brand?: string }
  /**
   * `asks`: whether the member is there is all that is asked. `key`: what names it where that is in brackets, and no literal. `text`: what
   * messages call it that is no member in the program. `loose`: the checker knows of no such member, so that some objects may lack it.
   */
  | {
      readonly kind: 'get'
      readonly obj: HExpr
      readonly name: string
      readonly asks?: true
      readonly key?: string
      readonly text?: string
      readonly loose?: true
    }
  /**
   * `initial`: what Error does with its arguments, which is no assignment of the program. `defines`: a field without
   * initialiser comes into being, which nobody can tell unless other code may have used it before. `rebinds`: `this.f = this.f.bind(this)`.
   * `begins`: a private field comes into being. `declared`: the object is of a class that declares the field, as far as its type says.
   */
  | {
      readonly kind: 'set'
      readonly obj: HExpr
      readonly name: string
      readonly value: HExpr
      readonly initial?: true
      readonly defines?: true
      readonly rebinds?: true
      readonly begins?: true
      readonly declared?: boolean
    }
  /** `obj[key]`. `iterated`: element of an array pattern, where a string gives code points. */
  | {
      readonly kind: 'index'
      readonly obj: HExpr
      readonly key: HExpr
      readonly miss: Miss
      readonly iterated: boolean
    }
  | { readonly kind: 'setIndex'; readonly obj: HExpr; readonly key: HExpr; readonly value: HExpr }
  /** `self`: what the function is given as `this`, evaluated after it; nothing gives undefined. */
  | {
      readonly kind: 'call'
      readonly callee: HExpr
      readonly self?: HExpr
      readonly args: readonly HArg[]
      /** Makes an instance: `new` of a value. */
      readonly constructs?: true
      /** A loop or an array literal goes through what it gives, which messages say. */
      readonly walked?: true
    }
  /** `consumed`: what it gives is iterated at once and never seen otherwise. `optional`: some objects may lack the method. */
  | {
      readonly kind: 'method'
      readonly obj: HExpr
      readonly name: string
      readonly args: readonly HArg[]
      readonly consumed?: boolean
      readonly optional?: true
      /** What `bind` gives where the object is a function: a closure that calls it. */
      readonly bound?: HExpr & { readonly kind: 'function' }
      /** As of calls. */
      readonly walked?: true
      /** As of reads. */
      readonly key?: string
    }
  /** A call of a member of a base class on `obj`, whatever the class of the object has in its place: `super(...)`, `super.name(...)`. */
  | { readonly kind: 'super'; readonly member: HFunc; readonly obj: HExpr; readonly args: readonly HArg[] }
  | { readonly kind: 'new'; readonly cls: HClass; readonly args: readonly HArg[] }
  /** A library function by its name in lib.anrf.d.ts: `Math.floor`, `Number`, `new Error`, `new Array`, `console.log`, `Object.keys`. */
  | { readonly kind: 'builtin'; readonly name: string; readonly args: readonly HArg[] }
  /** A library function used as a value: `xs.map(Number)`. */
  | { readonly kind: 'builtinRef'; readonly name: string }
  /** `x`, of which the type checker (`flow`) or the program (`assert`: `!`, `as`) says that it is one of `kinds`. Checked at run time where the analysis cannot show it. */
  | {
      readonly kind: 'narrow'
      readonly x: HExpr
      readonly kinds: Kinds
      readonly reason: 'flow' | 'assert'
      /** `instanceof` has shown that it is one of these. */
      readonly of?: HClass | string
      /** It is what comes before `?.`. */
      readonly chained?: true
    }
  /** `x`, which must not be null or undefined: TypeError with `message`, where % stands for the value. */
  | { readonly kind: 'require'; readonly x: HExpr; readonly message: string }
  /** Whether x is undefined (`nullish` false), or undefined or null. */
  | { readonly kind: 'isMissing'; readonly x: HExpr; readonly nullish: boolean }
  /** `x instanceof C`: a class of the program, or a built-in error or `Array` by name. */
  | { readonly kind: 'instanceof'; readonly x: HExpr; readonly target: HClass | string }
  /** `x instanceof target`, where the class is a value. */
  | { readonly kind: 'instanceofValue'; readonly x: HExpr; readonly target: HExpr }
  /** `delete obj[key]`, which is true. */
  | { readonly kind: 'delete'; readonly key: HExpr; readonly obj: HExpr }
  /** `key in obj`. `symbol`: the key is a constant that stands for a symbol, as no text of the program does. */
  | { readonly kind: 'in'; readonly key: HExpr; readonly obj: HExpr; readonly symbol?: true }
  /** Only until the code of a generator is taken apart (`generators/`). */
  | { readonly kind: 'yield'; readonly value: HExpr; readonly walk: Walk | null; readonly awaits?: boolean }
)

/** The variables of a walk over an iterable: what is walked, the place in it if it is an array, and what `next` gave last. */
export type Walk = { readonly source: HVar; readonly index: HVar; readonly step: HVar }

export type ForOfWalk = {
  /** What is walked. */
  readonly iterator: HVar
  /** For iterators without `return`: nothing is closed. */
  readonly plain: readonly HStmt[]
  /** Closes the iterator when the loop is left early (ECMA-262 14.7.5.6). */
  readonly closing: readonly HStmt[]
  /** The checker takes the iterable for an array or a string. */
  readonly listed: boolean
}

/** Labels are numbers, unique in the program. Tests are converted to boolean. */
export type HStmt = { readonly span: Span } &
  /** Declares a variable and gives it a value; without `init` it is undefined until it is assigned. */
  (
    | { readonly kind: 'let'; readonly v: HVar; readonly init: HExpr | null }
    /** A local exists from here, without a value: it is `checked`, or always given one before it is read. */
    | { readonly kind: 'hoist'; readonly v: HVar }
    /** Makes the cells of the `kept` variables of a generator. */
    | { readonly kind: 'frame'; readonly variables: readonly HVar[] }
    /** Goes on with a copy of a variable that closures have taken along, as between the rounds of `for (let i ...)`. */
    | { readonly kind: 'renew'; readonly v: HVar }
    | { readonly kind: 'expr'; readonly expr: HExpr }
    | { readonly kind: 'if'; readonly test: HExpr; readonly then: readonly HStmt[]; readonly else: readonly HStmt[] }
    /** while, do-while (`post`) and for. `fresh`: variables that each round has a copy of its own (`for (let i ...)`), made before `update`. */
    | {
        readonly kind: 'loop'
        readonly label: number
        readonly test: HExpr | null
        readonly post: boolean
        readonly body: readonly HStmt[]
        readonly update: readonly HStmt[]
        readonly fresh: readonly HVar[]
      }
    /** for-of; `v` is a new variable in each round. */
    | {
        readonly kind: 'forOf'
        readonly label: number
        readonly v: HVar
        readonly iterable: HExpr
        readonly body: readonly HStmt[]
        /** The same loop written out, for what is no array or string. */
        readonly walk: ForOfWalk
      }
    | { readonly kind: 'block'; readonly label: number; readonly body: readonly HStmt[] }
    | { readonly kind: 'break' | 'continue'; readonly label: number }
    | {
        readonly kind: 'switch'
        readonly label: number
        readonly subject: HExpr
        readonly cases: readonly { readonly test: HExpr | null; readonly body: readonly HStmt[] }[]
      }
    | { readonly kind: 'return'; readonly value: HExpr | null }
    | { readonly kind: 'throw'; readonly value: HExpr }
    | {
        readonly kind: 'try'
        readonly body: readonly HStmt[]
        readonly handler: { readonly param: HVar | null; readonly body: readonly HStmt[] } | null
        readonly finalizer: readonly HStmt[] | null
      }
  )
