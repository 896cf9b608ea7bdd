/**
 * Everything that an object holds, private fields too, as plain values that can be compared. By way of the
 * inspector, for nothing else sees a private field, and a test that had to be told of each new one would
 * not notice the one that was forgotten.
 */
import { type Runtime, Session } from 'node:inspector';

/** Fields of classes that are left out, by the name of the class. */
export type LeftOut = Readonly<Record<string, readonly string[]>>;

type Fields = Record<string, unknown>;

/** Where this realm and the inspector's can both reach. */
const meeting = Session as unknown as { seen: unknown; told: unknown[] };
const MEETING = `process.getBuiltinModule('node:inspector').Session`;

export class PrivateParts {
  readonly #session = new Session();
  readonly #leftOut: LeftOut;
  readonly #unordered: ReadonlySet<string>;

  /** `unordered`: fields whose maps are the same in whatever order they are. */
  constructor({ leftOut, unordered }: { leftOut: LeftOut; unordered: readonly string[] }) {
    this.#leftOut = leftOut;
    this.#unordered = new Set(unordered);
    this.#session.connect();
  }

  close(): void {
    this.#session.disconnect();
  }

  of(root: object): unknown {
    const seen = new Map<object, number>();
    const look = (value: unknown, name: string): unknown => {
      if (typeof value !== 'object' || value === null) return value;
      if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
      const known = seen.get(value);
      if (known !== undefined) return `again ${known}`;
      seen.set(value, seen.size);
      if (Array.isArray(value)) return value.map((one, place) => look(one, `${place}`));
      if (value instanceof Set) return { set: [...value].map((one) => look(one, '')) };
      if (value instanceof Map) {
        const entries = [...value];
        if (this.#unordered.has(name)) entries.sort(([a], [b]) => (a < b ? -1 : 1));
        return { map: entries.map(([key, one]) => [look(key, ''), look(one, '')]) };
      }
      return this.#fieldsOf(value, look);
    };
    return look(root, '');
  }

  #fieldsOf(object: object, look: (value: unknown, name: string) => unknown): Fields {
    const kind = object.constructor?.name ?? '';
    const isPlain = Object.getPrototypeOf(Object.getPrototypeOf(object) ?? {}) === null;
    const all: Fields = isPlain ? { ...object } : { ...object, ...this.#privateOf(object) };
    const found: Fields = { kind: isPlain ? '' : kind };
    for (const [name, value] of Object.entries(all)) {
      const isTold = name !== '$unknown' && typeof value !== 'function';
      if (isTold && !this.#leftOut[kind]?.includes(name)) found[name] = look(value, name);
    }
    return found;
  }

  #privateOf(object: object): Fields {
    meeting.seen = object;
    const { result } = this.#ask<Runtime.EvaluateReturnType>('Runtime.evaluate', {
      expression: `${MEETING}.seen`,
    });
    const { privateProperties: fields = [] } = this.#ask<
      Runtime.GetPropertiesReturnType & { privateProperties?: Runtime.PropertyDescriptor[] }
    >('Runtime.getProperties', { objectId: result.objectId, ownProperties: true });
    const data = fields.filter(({ value }) => value !== undefined);
    const words = data.map(({ value }) => {
      const { objectId, unserializableValue, value: plain } = value as Runtime.RemoteObject;
      if (objectId !== undefined) return { objectId };
      return unserializableValue === undefined ? { value: plain } : { unserializableValue };
    });
    this.#ask('Runtime.callFunctionOn', {
      objectId: result.objectId,
      functionDeclaration: `function (...told) { ${MEETING}.told = told; }`,
      arguments: words,
    });
    const told = [...meeting.told];
    return Object.fromEntries(data.map(({ name }, place) => [name, told[place]]));
  }

  #ask<Answer>(method: string, params: object): Answer {
    let answer: Answer | undefined;
    this.#session.post(method, params, (error, told) => {
      if (error) throw error;
      answer = told as Answer;
    });
    if (answer === undefined) throw new Error(`${method} was not answered at once`);
    return answer;
  }
}
