import { readFileSync } from "node:fs";
import { ERROR_CODES, KrarupError } from "@krarup/core";
import { SUPERVISOR_ERROR_CODES } from "@krarup/supervisor";
import { describe, expect, it } from "vitest";

const page = readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8");
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf("\n")), section]),
);

describe("docs/errors.md", () => {
  it("explains every code there is and no other, in order", () => {
    expect([...sections.keys()]).toEqual([...ERROR_CODES, ...SUPERVISOR_ERROR_CODES]);
  });

  it.each([...sections])("says of %s what it means, whence it comes and what to do", (_code, section) => {
    expect(section).toMatch(/^\*.+\* OTP: `.+`\.$/m);
    expect(section).toMatch(/^Cause: /m);
    expect(section).toMatch(/^Remedy: /m);
  });

  it.each(ERROR_CODES)("gives OTP's word for %s", (code) => {
    expect(sections.get(code)).toContain(`OTP: \`${new KrarupError(code, "").reason}\``);
  });
});
