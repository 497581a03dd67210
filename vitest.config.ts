import { defineConfig } from "vitest/config";

// Vite's own for servers, after ours: tests see the packages' sources, not their builds.
const conditions = ["@krarup/source", "module", "node", "development|production"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["packages/*/test/**/*.test.ts", "test/**/*.test.ts"],
    typecheck: {
      enabled: true,
      include: ["packages/*/test/**/*.test-d.ts", "test/**/*.test-d.ts"],
      tsconfig: "tsconfig.test-d.json",
    },
    reporters: ["default", "./test/closing-line.ts"],
  },
});
