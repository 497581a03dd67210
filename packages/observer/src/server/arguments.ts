import { InspectionError } from "../errors.ts";
import { preview } from "./preview.ts";

/** The arguments of a request, which are whatever the client sent, read one by one. */
export class Arguments {
  readonly #op: string;
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(op: string, values: Readonly<Record<string, unknown>>) {
    this.#op = op;
    this.#values = values;
  }

  /** @throws {@link InspectionError} `ERR_BAD_REQUEST` when it is no text */
  text(name: string): string {
    const value = this.#value(name);
    return typeof value === "string" ? value : this.#refuse(name, "text", value);
  }

  /** @throws {@link InspectionError} `ERR_BAD_REQUEST` when it is there and no text */
  optionalText(name: string): string | undefined {
    return this.#value(name) === undefined ? undefined : this.text(name);
  }

  /** Absent is false. @throws {@link InspectionError} `ERR_BAD_REQUEST` */
  flag(name: string): boolean {
    const value = this.#value(name) ?? false;
    return typeof value === "boolean" ? value : this.#refuse(name, "true or false", value);
  }

  /** @throws {@link InspectionError} `ERR_BAD_REQUEST` when it is there and not an integer from `min` to `max` */
  integer(name: string, min: number, max: number, absent: number): number {
    const value = this.#value(name) ?? absent;
    const fits = typeof value === "number" && Number.isInteger(value) && value >= min && value <= max;
    return fits ? value : this.#refuse(name, `an integer from ${min} to ${max}`, value);
  }

  /** @throws {@link InspectionError} `ERR_BAD_REQUEST` when it is there and none of `choices` */
  oneOf<Choice extends string>(name: string, choices: readonly Choice[], absent: Choice): Choice {
    const value = this.#value(name) ?? absent;
    return choices.find((choice) => choice === value) ?? this.#refuse(name, `one of ${choices.join(", ")}`, value);
  }

  /** Null counts as absent: that is how absent things travel. */
  #value(name: string): unknown {
    return Object.hasOwn(this.#values, name) ? (this.#values[name] ?? undefined) : undefined;
  }

  #refuse(name: string, wanted: string, value: unknown): never {
    throw new InspectionError(
      "ERR_BAD_REQUEST",
      `Cannot answer ${this.#op} as ${name} must be ${wanted}: current value is ${value === undefined ? "absent" : preview(value)}`,
    );
  }
}
