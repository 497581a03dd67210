import { KrarupError, show } from "../values/errors.ts";

/** Registered names: one name per process, one process per name. */
export class NameTable<T extends object> {
  readonly #byName = new Map<string, T>();
  readonly #byHolder = new Map<T, string>();

  /**
   * Gives `name` to `holder`.
   * @throws {@link KrarupError} `ERR_NAME_TAKEN` when the name is held or the holder has one, `ERR_BAD_ARGUMENT` when the
   * name is empty or `"undefined"`, which OTP reserves
   */
  register(name: string, holder: T): void {
    if (typeof name !== "string" || name === "" || name === "undefined")
      throw new KrarupError(
        "ERR_BAD_ARGUMENT",
        `Cannot register as a name must be a non-empty string other than "undefined": current value is ${show(name)}`,
        name,
      );
    const other = this.#byName.get(name);
    if (other !== undefined)
      throw new KrarupError(
        "ERR_NAME_TAKEN",
        `Cannot register ${String(holder)} as ${show(name)} belongs to ${String(other)}; unregister it first`,
        name,
      );
    const own = this.#byHolder.get(holder);
    if (own !== undefined)
      throw new KrarupError(
        "ERR_NAME_TAKEN",
        `Cannot register ${String(holder)} as ${show(name)} as it is registered as ${show(own)}; a process has one name`,
        name,
      );
    this.#byName.set(name, holder);
    this.#byHolder.set(holder, name);
  }

  /** Frees `name`. @returns who held it, if anybody */
  unregister(name: string): T | undefined {
    const holder = this.#byName.get(name);
    if (holder !== undefined) {
      this.#byName.delete(name);
      this.#byHolder.delete(holder);
    }
    return holder;
  }

  /** Who holds `name`. */
  whereis(name: string): T | undefined {
    return this.#byName.get(name);
  }

  /** The name of `holder`. */
  nameOf(holder: T): string | undefined {
    return this.#byHolder.get(holder);
  }

  /** Every registered name, in order of registration. */
  names(): string[] {
    return [...this.#byName.keys()];
  }
}
