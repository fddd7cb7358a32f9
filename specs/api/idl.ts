import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as webidl from 'webidl2';
import type {
  ArgumentQuestion,
  DictionaryMember,
  InterfaceQuestion,
  MemberQuestion,
  OperationQuestion,
  Signature,
  TypeQuestion,
} from '../../fixtures/peer-page/idl/question.ts';

/** An interface of the specifications that WebRTC is made of. */
export interface SpecifiedInterface {
  name: string;
  /** The specification that defines it, e.g. `webrtc-pc`; `extended` where these specifications only add to it. */
  group: string;
  /** Where it and its members are specified. */
  specs: readonly string[];
  /** The kinds of global objects that have it, e.g. `Window`. */
  exposed: readonly string[];
  /** In secure contexts only. */
  secure: boolean;
}

type Definition = webidl.IDLRootType;
type Interface = webidl.InterfaceType | webidl.InterfaceMixinType;
interface Specification {
  url: string;
  definitions: readonly Definition[];
}

/** The files of `@webref/idl` that define WebRTC, by name, so that files which a later release adds are found, too. */
const ours =
  /^(?:webrtc|mediacapture-|mediastream-recording|screen-capture|element-capture|captured-|capture-handle|audio-output|mst-content-hint|media-capabilities)/;

function readSpecification(text: string): Specification {
  return {
    url: /^\/\/ Source: .*\((https:\/\/[^)]+)\)$/m.exec(text)?.[1] ?? '',
    definitions: webidl.parse(text),
  };
}

/** `https://w3c.github.io/mediacapture-handle/identity/` is `mediacapture-handle-identity`. */
const groupOf = (url: string): string =>
  new URL(url).pathname.split('/').filter(Boolean).join('-').toLowerCase();

const has = ({ extAttrs }: webidl.AbstractBase, name: string): boolean =>
  extAttrs.some((each) => each.name === name);

/** What `[Exposed=…]` names; null where it is not there. */
function exposedBy({ extAttrs }: webidl.AbstractBase): string[] | null {
  const rhs = extAttrs.find(({ name }) => name === 'Exposed')?.rhs;
  if (!rhs) return null;
  if (rhs.type === 'identifier-list') return rhs.value.map(({ value }) => value);
  return [rhs.type === 'identifier' ? rhs.value : '*'];
}

const isInterface = (definition: Definition): definition is webidl.InterfaceType =>
  definition.type === 'interface';

/** The kind of global object that has an interface which others define. */
function globalOf(name: string): string {
  if (name.endsWith('GlobalScope')) return name.replace('GlobalScope', '');
  return name.startsWith('Worker') ? 'DedicatedWorker' : 'Window';
}

const defining =
  /(?<!partial )\b(?:enum|dictionary|callback interface|callback|interface mixin|interface)\s+(\w+)|\btypedef\b[^;]*?(\w+);/g;

const strings = new Set(['DOMString', 'USVString', 'ByteString', 'CSSOMString']);
const numbers = /^(?:byte|octet|(?:unsigned )?(?:short|long|long long)|(?:unrestricted )?(?:float|double))$/;
const buffers =
  /^(?:ArrayBuffer|SharedArrayBuffer|ArrayBufferView|DataView|BufferSource|AllowSharedBufferSource|\w+\d+Array)$/;

const mapOperation = (name: string, argument?: TypeQuestion): OperationQuestion => ({
  is: 'operation',
  name,
  static: false,
  secure: false,
  exposed: null,
  // Anything can be a key of a map, even nothing.
  signatures: [argument ? [{ name: 'argument', optional: argument.is === 'any', type: argument }] : []],
  length: argument ? 1 : 0,
  result: { is: 'any' },
});

/** https://webidl.spec.whatwg.org/#js-maplike */
const readonlyMap: readonly MemberQuestion[] = [
  {
    is: 'attribute',
    name: 'size',
    readonly: true,
    sameObject: false,
    secure: false,
    exposed: null,
    type: { is: 'number' },
  },
  mapOperation('entries'),
  mapOperation('forEach', { is: 'callback' }),
  mapOperation('get', { is: 'any' }),
  mapOperation('has', { is: 'any' }),
  mapOperation('keys'),
  mapOperation('values'),
];

/** What specifications say, as questions. */
export interface Idl {
  /** Every interface that these specifications define or add to, in the order of their groups and names. */
  interfaces: readonly SpecifiedInterface[];
  /** What a browser is asked about an interface. */
  questionOf(specified: SpecifiedInterface): InterfaceQuestion;
  /** The members of a dictionary by its name, for what a browser gives rather than takes. */
  dictionaryMembers(name: string): readonly DictionaryMember[];
  /** The values of an enumeration by its name. */
  enumValues(name: string): readonly string[];
  /** Every dictionary of these specifications that inherits from the named one, however far. */
  dictionariesBelow(name: string): string[];
}

/** @param texts files as `@webref/idl` has them, by their names: `webrtc.idl` */
export function readIdl(texts: ReadonlyMap<string, string>): Idl {
  const names = [...texts.keys()];
  const textOf = (name: string): string => texts.get(name) ?? '';
  const specifications = names
    .filter((name) => ours.test(name))
    .map((name) => readSpecification(textOf(name)));

  const declared = specifications.flatMap(({ url, definitions }) =>
    definitions.filter(isInterface).map((definition) => ({ url, definition })),
  );

  const interfaces: readonly SpecifiedInterface[] = [
    ...new Set(declared.map(({ definition }) => definition.name)),
  ]
    .map((name): SpecifiedInterface => {
      const parts = declared.filter(({ definition }) => definition.name === name);
      const whole = parts.find(({ definition }) => !definition.partial);
      const exposed = parts.flatMap(({ definition }) => exposedBy(definition) ?? []);
      return {
        name,
        group: whole ? groupOf(whole.url) : 'extended',
        specs: [...new Set([...(whole ? [whole.url] : []), ...parts.map(({ url }) => url)])],
        exposed: exposed.length > 0 ? [...new Set(exposed)] : [globalOf(name)],
        secure: whole !== undefined && has(whole.definition, 'SecureContext'),
      };
    })
    .toSorted((one, other) => (`${one.group}/${one.name}` < `${other.group}/${other.name}` ? -1 : 1));

  /** The other files that define the names that these specifications use and do not define. */
  let elsewhere: ReadonlyMap<string, string> | undefined;
  const read = new Map<string, Specification>();
  const known = new Map<string, readonly Definition[]>();

  /** For each name that is defined in a file that is not ours, that file. */
  const filesByName = (): ReadonlyMap<string, string> =>
    new Map(
      names
        .filter((file) => !ours.test(file))
        .flatMap((file) =>
          [...textOf(file).matchAll(defining)].map(([, name, type]) => [name ?? type ?? '', file] as const),
        ),
    );

  /** Every definition of a name, partial ones included. */
  function definitionsOf(name: string): readonly Definition[] {
    const before = known.get(name);
    if (before) return before;
    const named = (definition: Definition): boolean => 'name' in definition && definition.name === name;
    let definitions = specifications.flatMap((each) => each.definitions.filter(named));
    if (definitions.every((each) => 'partial' in each && each.partial)) {
      elsewhere ??= filesByName();
      const file = elsewhere.get(name);
      if (file !== undefined) {
        const specification = read.get(file) ?? readSpecification(textOf(file));
        read.set(file, specification);
        definitions = [...specification.definitions.filter(named), ...definitions];
      }
    }
    known.set(name, definitions);
    return definitions;
  }

  function typeOf(type: webidl.IDLTypeDescription | null): TypeQuestion {
    if (type === null) return { is: 'any' };
    return { ...plainTypeOf(type), ...(type.nullable ? { nullable: true } : {}) };
  }

  function plainTypeOf(type: webidl.IDLTypeDescription): TypeQuestion {
    if (type.union) return { is: 'union', of: type.idlType.map(typeOf) };
    switch (type.generic) {
      case '':
        return namedType(type.idlType);
      case 'Promise':
        return { is: 'promise', of: typeOf(type.idlType[0]) };
      case 'record':
        return { is: 'object' };
      default:
        return { is: 'sequence', of: typeOf(type.idlType[0]) };
    }
  }

  function namedType(name: string): TypeQuestion {
    if (name === 'EventHandler') return { is: 'event handler' };
    if (strings.has(name)) return { is: 'string' };
    if (numbers.test(name)) return { is: 'number' };
    if (buffers.test(name)) return { is: 'buffer' };
    if (name === 'boolean' || name === 'object' || name === 'undefined') return { is: name };
    const definitions = definitionsOf(name);
    for (const definition of definitions) {
      if (definition.type === 'typedef') return typeOf(definition.idlType);
      if (definition.type === 'enum')
        return { is: 'enum', values: definition.values.map(({ value }) => value) };
      if (definition.type === 'interface') return { is: 'interface', name };
      if (definition.type === 'dictionary') return { is: 'dictionary', name, members: dictionary(name) };
      if (definition.type === 'callback') return { is: 'callback' };
    }
    return { is: 'any' };
  }

  /** The members of a dictionary, those that it inherits included. */
  function dictionary(name: string): DictionaryMember[] {
    return definitionsOf(name).flatMap((definition) => {
      if (definition.type !== 'dictionary') return [];
      const inherited = definition.inheritance === null ? [] : dictionary(definition.inheritance);
      return [
        ...inherited,
        ...definition.members.map((member) => ({
          name: member.name,
          required: member.required,
          byDefault: member.default !== null,
          type: typeOf(member.idlType),
        })),
      ];
    });
  }

  const argumentsOf = (given: readonly webidl.Argument[]): Signature =>
    given.map((each): ArgumentQuestion => ({
      name: each.name,
      optional: each.optional || each.variadic,
      type: typeOf(each.idlType),
    }));

  /** The parts of an interface: its definition, what others add to it, what it includes. */
  function partsOf(name: string): Interface[] {
    const mixins = specifications.flatMap(({ definitions }) =>
      definitions.flatMap((each) =>
        each.type === 'includes' && each.target === name ? [each.includes] : [],
      ),
    );
    const own = specifications.flatMap(({ definitions }) =>
      definitions.filter((each): each is webidl.InterfaceType => isInterface(each) && each.name === name),
    );
    const mixed = mixins.flatMap((mixin) =>
      definitionsOf(mixin).filter(
        (each): each is webidl.InterfaceMixinType => each.type === 'interface mixin',
      ),
    );
    return [...own, ...mixed];
  }

  const questions = new Map<string, InterfaceQuestion>();

  function questionOf(specified: SpecifiedInterface): InterfaceQuestion {
    const before = questions.get(specified.name);
    if (before) return before;
    const question = makeQuestion(specified);
    questions.set(specified.name, question);
    return question;
  }

  function makeQuestion({ name, exposed }: SpecifiedInterface): InterfaceQuestion {
    const parts = partsOf(name);
    const whole = parts.find((part): part is webidl.InterfaceType => isInterface(part) && !part.partial);
    const members = new Map<string, MemberQuestion>();
    const constructors: Signature[] = [];
    for (const part of parts) {
      for (const member of part.members) {
        const of = (base: webidl.AbstractBase) => {
          const own = exposedBy(base) ?? exposedBy(part);
          return {
            secure: has(base, 'SecureContext'),
            exposed: own === null || own.join() === exposed.join() ? null : own,
          };
        };
        if (member.type === 'constructor') constructors.push(argumentsOf(member.arguments));
        else if (member.type === 'attribute') {
          members.set(member.name, {
            is: 'attribute',
            name: member.name,
            readonly: member.readonly && !has(member, 'PutForwards') && !has(member, 'Replaceable'),
            sameObject: has(member, 'SameObject'),
            type: typeOf(member.idlType),
            ...of(member),
          });
        } else if (member.type === 'operation' && member.name !== null && member.name !== '') {
          const before = members.get(member.name);
          const signatures = before?.is === 'operation' ? before.signatures : [];
          members.set(member.name, {
            is: 'operation',
            name: member.name,
            static: member.special === 'static',
            signatures: [...signatures, argumentsOf(member.arguments)],
            result: typeOf(member.idlType),
            ...of(member),
          });
        } else if (member.type === 'maplike' && member.readonly) {
          for (const each of readonlyMap) members.set(each.name, each);
        }
      }
    }
    return {
      name,
      parent: whole?.inheritance ?? null,
      whole: whole !== undefined,
      global: name.endsWith('GlobalScope'),
      // An element's constructor is of another kind: it throws unless the element is a custom one.
      constructors: parts.some((part) => part.members.some((each) => has(each, 'HTMLConstructor')))
        ? []
        : constructors,
      members: [...members.values()],
    };
  }

  function enumValues(name: string): readonly string[] {
    const type = namedType(name);
    return type.is === 'enum' ? type.values : [];
  }

  function dictionariesBelow(name: string): string[] {
    const names = specifications.flatMap(({ definitions }) =>
      definitions.flatMap((each) =>
        each.type === 'dictionary' && each.inheritance === name ? [each.name] : [],
      ),
    );
    return names.flatMap((each) => [each, ...dictionariesBelow(each)]);
  }

  return { interfaces, questionOf, dictionaryMembers: dictionary, enumValues, dictionariesBelow };
}

const folder = dirname(createRequire(import.meta.url).resolve('@webref/idl'));

/** The files of `@webref/idl`. */
export const webref: ReadonlyMap<string, string> = new Map(
  readdirSync(folder)
    .filter((name) => name.endsWith('.idl'))
    .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
);

export const { interfaces, questionOf, dictionaryMembers, enumValues, dictionariesBelow } = readIdl(webref);
